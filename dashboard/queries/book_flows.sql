-- How many accounts and how much revenue went from which band to which within the week; those that stayed too.
select
    coalesce(earlier.health_band, 'new') as previous_health_band,
    now.health_band,
    count(*) as accounts_count,
    coalesce(sum(now.monthly_revenue_usd), 0) as revenue_usd
from marts.account_health as now
left join marts.account_health_daily as earlier
    on now.account_id = earlier.account_id and now.as_of_date - 7 = earlier.as_of_date
where
    ($owners = [] or list_contains($owners, coalesce(now.owner_name, 'nobody')))
    and ($plans = [] or list_contains($plans, coalesce(now.plan, 'none')))
    and ($segments = [] or list_contains($segments, now.segment))
group by all
