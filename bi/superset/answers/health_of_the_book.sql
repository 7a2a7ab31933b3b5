select health_score as last_health_score
from metrics.metrics_book_health_daily
where book_type = 'company' and health_score is not null
order by as_of_date desc
limit 1
