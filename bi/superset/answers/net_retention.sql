select retention_ratio as last_retention
from marts.revenue_retention_monthly
where definition = 'trailing_nrr' and cut_type = 'company' and retention_ratio is not null
order by month_start_date desc
limit 1
