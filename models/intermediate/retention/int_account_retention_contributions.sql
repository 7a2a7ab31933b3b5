-- What each account adds to the denominator (start) and the numerator (end) of retention under each definition. Accounts
-- that add to neither have no row: whoever was not there at the start is new, and no part of retention.
-- Grain: one row an account_id, month_start_date and definition.
with retention_months as (
    select * from {{ ref('int_retention_months') }}
    where is_known
),

amounts as (
    select * from {{ ref('int_account_retention_amounts') }}
),

compared as (
    select
        ending.account_id,
        retention_months.*,
        ending.amount as end_amount,
        ending.year_amount as end_year_amount,
        ending.trailing_attrition_amount,
        ending.last_empty_month_date,
        coalesce(base.amount, 0) as base_amount,
        coalesce(base.year_amount, 0) as base_year_amount,
        coalesce(cohort.amount, 0) as cohort_amount
    from retention_months
    inner join amounts as ending
        on
            retention_months.month_start_date = ending.month_start_date
            and retention_months.revenue_basis = ending.revenue_basis
    left join amounts as base
        on
            ending.account_id = base.account_id
            and ending.revenue_basis = base.revenue_basis
            and retention_months.base_month_date = base.month_start_date
    left join amounts as cohort
        on
            ending.account_id = cohort.account_id
            and ending.revenue_basis = cohort.revenue_basis
            and retention_months.cohort_month_date = cohort.month_start_date
),

counted as (
    select
        account_id,
        month_start_date,
        definition,
        retention_method,
        revenue_basis,
        amount_unit,
        case
            when retention_method = 'attrition' then base_year_amount
            when cohort_amount <= 0 then 0
            when retention_method = 'year' then base_year_amount
            else base_amount
        end as start_amount,
        case
            when retention_method = 'attrition' then base_year_amount - trailing_attrition_amount
            when cohort_amount <= 0 then 0
            when retention_method = 'year' then end_year_amount
            when retention_kind = 'gross' then least(base_amount, end_amount)
            else end_amount
        end as end_amount,
        cohort_amount > 0 and end_amount > 0 as is_retained,
        cohort_amount > 0
        and end_amount > 0
        and coalesce(last_empty_month_date > cohort_month_date, false) as is_reactivated,
        cohort_month_date
    from compared
),

final as (
    select * from counted
    where start_amount <> 0 or end_amount <> 0
)

select * from final
