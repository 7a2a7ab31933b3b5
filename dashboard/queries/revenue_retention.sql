-- Retention of the company in one month, under every definition.
select
    definition,
    retention_name,
    retention_kind,
    is_known,
    start_amount,
    start_usd,
    end_usd,
    retention_ratio,
    cohort_accounts_count,
    retained_accounts_count,
    cohort_month_date
from marts.revenue_retention_monthly
where cut_type = 'company' and month_start_date = cast($month as date)
order by retention_kind = 'activity', retention_kind = 'logo', retention_kind, definition
