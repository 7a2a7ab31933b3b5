select as_of_date, at_risk_revenue_usd as at_risk_revenue
from metrics.metrics_book_health_daily
where book_type = 'company'
