-- The book in one row, now and a week before.
with book as (
    select account_id
    from marts.account_health
    where
        ($owners = [] or list_contains($owners, coalesce(owner_name, 'nobody')))
        and ($plans = [] or list_contains($plans, coalesce(plan, 'none')))
        and ($segments = [] or list_contains($segments, segment))
)

select
    daily.as_of_date = publishes.as_of_date as is_now,
    count(*) filter (where daily.health_band <> 'churned') as accounts_count,
    count(*) filter (where daily.health_band = 'at_risk') as at_risk_accounts_count,
    count(*) filter (where daily.health_band = 'unknown') as unknown_accounts_count,
    coalesce(sum(daily.monthly_revenue_usd) filter (where daily.health_band <> 'churned'), 0) as revenue_usd,
    coalesce(sum(daily.monthly_revenue_usd) filter (where daily.health_band = 'at_risk'), 0) as at_risk_revenue_usd
from ops.publishes
inner join marts.account_health_daily as daily
    on daily.as_of_date in (publishes.as_of_date, publishes.as_of_date - 7)
inner join book on daily.account_id = book.account_id
group by all
order by is_now desc
