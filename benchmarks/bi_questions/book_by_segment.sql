-- The book: segments by health band, in accounts and in revenue.
select
    segment,
    health_band,
    count(*) as accounts_count,
    sum(monthly_revenue_usd) as monthly_revenue_usd
from marts.account_health
group by segment, health_band
order by segment, health_band
