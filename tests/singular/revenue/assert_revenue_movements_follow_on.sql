-- Detects a month of an account that is missing, does not start where the month before ended, or a series that stops
-- before the last closed month: money would appear or vanish between two months without a movement.
with movements as (
    select
        *,
        lag(end_usd, 1, 0) over (
            partition by account_id, revenue_basis order by month_start_date
        ) as previous_end_usd,
        lag(month_start_date) over (
            partition by account_id, revenue_basis order by month_start_date
        ) as previous_month_date,
        lead(month_start_date) over (
            partition by account_id, revenue_basis order by month_start_date
        ) as next_month_date
    from {{ ref('revenue_movements_monthly') }}
),

last_months as (
    select max(month_start_date) as last_month_date
    from {{ ref('int_account_revenue_monthly') }}
    where is_closed
)

select
    movements.account_id,
    movements.revenue_basis,
    movements.month_start_date
from movements
cross join last_months
where
    -- Before its first revenue an account may only have given something back.
    (
        movements.start_usd <> movements.previous_end_usd
        and movements.previous_month_date is not null
    )
    or (movements.start_usd > 0 and movements.previous_month_date is null)
    or {{ dbt.datediff(
        'movements.previous_month_date', 'movements.month_start_date', 'month'
    ) }} <> 1
    or (
        movements.next_month_date is null
        and movements.month_start_date <> last_months.last_month_date
    )
