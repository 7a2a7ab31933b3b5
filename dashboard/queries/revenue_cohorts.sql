-- Retention under one definition by the quarter in which accounts became customers, month by month.
select
    cut_value as cohort,
    month_start_date,
    retention_ratio,
    cohort_accounts_count,
    retained_accounts_count,
    start_usd,
    end_usd
from marts.revenue_retention_monthly
where cut_type = 'cohort' and definition = $definition and retention_ratio is not null
order by cohort, month_start_date
