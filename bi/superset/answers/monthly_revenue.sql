select sum(monthly_revenue_usd) as monthly_revenue
from marts.account_health
