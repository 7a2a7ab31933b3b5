-- Open commits: how much of each is used beside how much of its term has passed, the largest first.
select
    burndown.account_id,
    accounts.account_name,
    burndown.total_usd,
    burndown.consumed_ratio,
    burndown.elapsed_ratio,
    burndown.pace_ratio,
    case
        when forecast.missing_reason is not null then 'not forecast'
        when forecast.p50_exhaustion_date is not null then 'runs out'
        else 'leaves money unused'
    end as outlook
from marts.commit_forecast as forecast
inner join marts.commit_burndown_daily as burndown
    on forecast.credit_grant_id = burndown.credit_grant_id and forecast.as_of_date = burndown.as_of_date
left join marts.accounts as accounts on burndown.account_id = accounts.account_id
left join marts.account_health as health on forecast.account_id = health.account_id
where
    ($owners = [] or list_contains($owners, coalesce(health.owner_name, 'nobody')))
    and ($plans = [] or list_contains($plans, coalesce(health.plan, 'none')))
    and ($segments = [] or list_contains($segments, health.segment))
order by burndown.total_usd desc, burndown.credit_grant_id
limit 300
