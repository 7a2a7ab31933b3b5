-- Net and gross retention of the company by month, under every definition.
select
    month_start_date,
    definition,
    retention_name,
    retention_ratio,
    start_usd,
    end_usd
from marts.revenue_retention_monthly
where cut_type = 'company' and retention_ratio is not null
order by month_start_date, definition
