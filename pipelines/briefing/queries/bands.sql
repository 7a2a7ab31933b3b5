-- Accounts and revenue by health band: now, the day before, a week and four weeks before.
select
    publishes.as_of_date - daily.as_of_date as days_ago,
    daily.health_band,
    count(*) as accounts_count,
    coalesce(sum(daily.monthly_revenue_usd), 0) as revenue_usd
from ops.publishes
inner join marts.account_health_daily as daily on publishes.as_of_date - daily.as_of_date in (0, 1, 7, 28)
inner join marts.account_health as book on daily.account_id = book.account_id
group by all
order by days_ago, health_band
