select sum(case when health_band = 'at_risk' then monthly_revenue_usd end) as monthly_revenue
from marts.account_health
