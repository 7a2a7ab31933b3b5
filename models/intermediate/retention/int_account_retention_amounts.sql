-- What retention compares, month by month: cents of revenue, or 1 for an account that counts, with the sum of the year up
-- to the month and the attrition of the years up to each of its last 12 months.
-- Grain: one row an account_id, month_start_date and revenue_basis; closed months.
with revenue_months as (
    select * from {{ ref('int_account_revenue_monthly') }}
    where is_closed
),

activity_months as (
    select * from {{ ref('int_account_activity_months') }}
),

moved as (
    select
        *,
        recurring_cents + metered_cents as total_cents,
        lag(recurring_cents + metered_cents, 1, 0) over (
            partition by account_id order by month_start_date
        ) as previous_total_cents,
        lag(recurring_cents, 1, 0) over (
            partition by account_id order by month_start_date
        ) as previous_recurring_cents
    from revenue_months
),

bases as (
    select
        account_id,
        month_start_date,
        'total' as revenue_basis,
        total_cents as amount,
        case
            when previous_total_cents <= 0 then 0
            when total_cents <= 0 then previous_total_cents
            -- Less use is no request for a downgrade; a smaller subscription is.
            else greatest(previous_recurring_cents - recurring_cents, 0)
        end as attrition_amount
    from moved
    union all
    select account_id, month_start_date, 'recurring', recurring_cents, 0
    from moved
    union all
    select account_id, month_start_date, 'consumption', consumption_cents, 0
    from moved
    union all
    select account_id, month_start_date, 'customers', case when total_cents > 0 then 1 else 0 end, 0
    from moved
    union all
    select
        moved.account_id,
        moved.month_start_date,
        'activity',
        case when activity_months.is_active then 1 else 0 end,
        0
    from moved
    inner join activity_months
        on
            moved.account_id = activity_months.account_id
            and moved.month_start_date = activity_months.month_start_date
),

years as (
    select
        *,
        sum(amount) over (
            partition by account_id, revenue_basis order by month_start_date
            rows between 11 preceding and current row
        ) as year_amount,
        sum(attrition_amount) over (
            partition by account_id, revenue_basis order by month_start_date
            rows between 11 preceding and current row
        ) as year_attrition_amount,
        max(case when amount <= 0 then month_start_date end) over (
            partition by account_id, revenue_basis order by month_start_date
            rows between unbounded preceding and current row
        ) as last_empty_month_date
    from bases
),

final as (
    select
        account_id,
        month_start_date,
        revenue_basis,
        cast(amount as bigint) as amount,
        cast(year_amount as bigint) as year_amount,
        cast(sum(year_attrition_amount) over (
            partition by account_id, revenue_basis order by month_start_date
            rows between 11 preceding and current row
        ) as bigint) as trailing_attrition_amount,
        last_empty_month_date
    from years
)

select * from final
