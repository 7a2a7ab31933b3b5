-- Any two definitions of retention that are known of the same month, and what tells them apart first.
-- Grain: one row a month_start_date, first_definition and second_definition, in the order of their names.
with retention_months as (
    select * from {{ ref('int_retention_months') }}
    where is_known
),

final as (
    select
        firsts.month_start_date,
        firsts.definition as first_definition,
        seconds.definition as second_definition,
        case
            when firsts.amount_unit <> seconds.amount_unit then 'unit'
            when firsts.retention_method <> seconds.retention_method then 'method'
            when firsts.revenue_basis <> seconds.revenue_basis then 'basis'
            when firsts.cohort_month_date <> seconds.cohort_month_date then 'window'
            else 'expansion'
        end as shared_reason,
        firsts.retention_method <> seconds.retention_method as has_other_method,
        firsts.cohort_month_date as first_cohort_month_date,
        seconds.cohort_month_date as second_cohort_month_date
    from retention_months as firsts
    inner join retention_months as seconds
        on
            firsts.month_start_date = seconds.month_start_date
            and firsts.definition < seconds.definition
)

select * from final
