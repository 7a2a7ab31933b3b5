-- Segment by health band, in accounts and in revenue.
select
    segment,
    health_band,
    count(*) as accounts_count,
    coalesce(sum(monthly_revenue_usd), 0) as revenue_usd
from marts.account_health
where
    ($owners = [] or list_contains($owners, coalesce(owner_name, 'nobody')))
    and ($plans = [] or list_contains($plans, coalesce(plan, 'none')))
    and ($segments = [] or list_contains($segments, segment))
group by all
