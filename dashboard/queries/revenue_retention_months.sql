-- Retention of the company by month, under every definition that is known.
select month_start_date, definition, retention_name, retention_kind, retention_ratio
from marts.revenue_retention_monthly
where cut_type = 'company' and retention_ratio is not null
order by month_start_date, definition
