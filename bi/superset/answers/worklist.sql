select
    account_name,
    owner_name,
    segment,
    health_band,
    health_score,
    health_score_change_28d,
    monthly_revenue_usd,
    worst_driver
from marts.account_health
where health_band = 'at_risk' or health_band = 'watch'
order by monthly_revenue_usd desc, account_id
limit 1000
