-- Detects accounts that fall out of a cut, or count twice: numerator, denominator and accounts of the values of each cut
-- must add up to the company's, for each month and definition.
with cut_types as (
    select distinct cut_type from {{ ref('revenue_retention_monthly') }}
),

company as (
    select * from {{ ref('revenue_retention_monthly') }}
    where cut_type = 'company'
),

totals as (
    select
        month_start_date,
        definition,
        cut_type,
        sum(start_amount) as start_amount,
        sum(end_amount) as end_amount,
        sum(cohort_accounts_count) as cohort_accounts_count,
        sum(retained_accounts_count) as retained_accounts_count
    from {{ ref('revenue_retention_monthly') }}
    group by month_start_date, definition, cut_type
)

select
    company.month_start_date,
    company.definition,
    cut_types.cut_type
from company
cross join cut_types
left join totals
    on
        company.month_start_date = totals.month_start_date
        and company.definition = totals.definition
        and cut_types.cut_type = totals.cut_type
where
    coalesce(company.start_amount, 0) <> coalesce(totals.start_amount, 0)
    or coalesce(company.end_amount, 0) <> coalesce(totals.end_amount, 0)
    or coalesce(company.cohort_accounts_count, 0) <> coalesce(totals.cohort_accounts_count, 0)
    or coalesce(company.retained_accounts_count, 0) <> coalesce(totals.retained_accounts_count, 0)
