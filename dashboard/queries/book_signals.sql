-- Usage signals that were detected within the week and are still open, the most money first.
select
    signals.account_id,
    health.account_name,
    coalesce(health.owner_name, 'nobody') as owner_name,
    health.plan,
    health.is_provisional,
    signals.signal_kind,
    signals.direction,
    signals.unit_type,
    signals.unit_id,
    teams.team_name,
    signals.started_date,
    signals.detected_date,
    signals.affected_28d_usd,
    health.monthly_revenue_usd,
    count(*) over () as all_rows_count
from marts.usage_signals as signals
cross join ops.publishes
left join marts.account_health as health on signals.account_id = health.account_id
left join (
    select distinct account_id, workspace_id, team_name from marts.team_use_case_adoption
) as teams on signals.account_id = teams.account_id and signals.unit_id = teams.workspace_id
where
    signals.is_open
    and signals.detected_date > publishes.as_of_date - 7
    and ($owners = [] or list_contains($owners, coalesce(health.owner_name, 'nobody')))
    and ($plans = [] or list_contains($plans, coalesce(health.plan, 'none')))
    and ($segments = [] or list_contains($segments, health.segment))
order by abs(signals.affected_28d_usd) desc nulls last, health.monthly_revenue_usd desc nulls last, signals.signal_id
limit $row_limit
