-- What an owner should look at first: accounts that are not healthy, the most revenue on top.
select
    account_id,
    account_name,
    segment,
    health_band,
    health_score,
    health_score_change_28d,
    monthly_revenue_usd,
    worst_driver,
    change_driver_28d
from marts.account_health
where owner_name = $owner_name and health_band in ('at_risk', 'watch')
order by monthly_revenue_usd desc nulls last, account_id
