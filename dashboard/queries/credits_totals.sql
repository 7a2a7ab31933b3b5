-- Open commits in one row: how many, what is left, what they will lack and leave.
select
    count(*) as commits_count,
    coalesce(sum(forecast.remaining_usd), 0) as remaining_usd,
    count(*) filter (where forecast.p50_exhaustion_date is not null) as running_out_count,
    coalesce(sum(forecast.p50_overage_usd), 0) as overage_usd,
    count(*) filter (where forecast.p50_breakage_usd > 0) as wasting_count,
    coalesce(sum(forecast.p50_breakage_usd), 0) as breakage_usd,
    count(*) filter (where forecast.missing_reason is not null) as unknown_count
from marts.commit_forecast as forecast
left join marts.account_health as health on forecast.account_id = health.account_id
where
    ($owners = [] or list_contains($owners, coalesce(health.owner_name, 'nobody')))
    and ($plans = [] or list_contains($plans, coalesce(health.plan, 'none')))
    and ($segments = [] or list_contains($segments, health.segment))
