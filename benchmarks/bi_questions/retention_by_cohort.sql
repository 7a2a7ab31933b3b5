-- Net retention by the quarter in which accounts became customers, month by month.
select
    cut_value as cohort,
    month_start_date,
    retention_ratio,
    cohort_accounts_count,
    start_usd,
    end_usd
from marts.revenue_retention_monthly
where definition = 'monthly_nrr' and cut_type = 'cohort' and retention_ratio is not null
order by cut_value, month_start_date
