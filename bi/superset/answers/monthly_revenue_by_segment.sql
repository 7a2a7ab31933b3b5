select segment, health_band, sum(monthly_revenue_usd) as monthly_revenue
from marts.account_health
group by segment, health_band
