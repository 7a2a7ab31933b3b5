-- Usage signals detected within the window, those of the last night and then the most money first.
with teams as (
    select account_id, workspace_id, min(team_name) as team_name
    from marts.team_usage_monthly
    group by account_id, workspace_id
)

select
    signals.signal_id,
    accounts.account_name,
    coalesce(accounts.owner_name, 'nobody') as owner_name,
    signals.signal_kind,
    signals.direction,
    case when signals.unit_type = 'feature' then signals.unit_id else teams.team_name end as unit_name,
    signals.started_date,
    signals.detected_date,
    signals.ended_date,
    signals.affected_28d_usd,
    health.monthly_revenue_usd,
    signals.detected_date = publishes.as_of_date as is_new,
    count(*) over () as all_rows_count
from ops.publishes
inner join marts.usage_signals as signals
    on
        publishes.as_of_date - cast($window_days as integer) < signals.detected_date
        and publishes.as_of_date >= signals.detected_date
left join marts.accounts as accounts on signals.account_id = accounts.account_id
left join marts.account_health as health on signals.account_id = health.account_id
left join teams on signals.account_id = teams.account_id and signals.unit_id = teams.workspace_id
order by
    is_new desc,
    abs(signals.affected_28d_usd) desc nulls last,
    health.monthly_revenue_usd desc nulls last,
    signals.signal_id
limit $row_limit
