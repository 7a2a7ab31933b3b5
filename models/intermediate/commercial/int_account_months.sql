-- Calendar months of each account, from the first in which it was a customer or had any revenue to the running one.
-- Grain: one row an account_id and month_start_date.
with account_days as (
    select * from {{ ref('int_account_days') }}
),

mrr_changes as (
    select * from {{ ref('int_account_mrr_changes') }}
),

line_months as (
    select * from {{ ref('int_invoice_lines_allotted_to_months') }}
    where account_id is not null
),

adjustments as (
    select * from {{ ref('int_invoice_adjustments') }}
    where account_id is not null
),

clock as (
    select as_of_date from {{ ref('util_as_of') }}
),

first_facts as (
    select account_id, min(as_of_date) as first_date from account_days group by account_id
    union all
    select account_id, min(change_date) as first_date from mrr_changes group by account_id
    union all
    select account_id, min(month_start_date) as first_date from line_months group by account_id
    union all
    select account_id, min(effective_date) as first_date from adjustments group by account_id
),

first_months as (
    select
        account_id,
        cast({{ dbt.date_trunc('month', 'min(first_date)') }} as date) as first_month_start_date
    from first_facts
    group by account_id
),

bounds as (
    select
        min(first_months.first_month_start_date) as first_date,
        max(clock.as_of_date) as last_date
    from first_months
    cross join clock
),

calendar as (
    select {{ date_spine('first_date', 'last_date') }} as calendar_date
    from bounds
    where first_date is not null
),

months as (
    select
        cast({{ dbt.date_trunc('month', 'calendar_date') }} as date) as month_start_date,
        cast({{ dbt.last_day('min(calendar_date)', 'month') }} as date) as month_end_date
    from calendar
    group by cast({{ dbt.date_trunc('month', 'calendar_date') }} as date)
),

final as (
    select
        first_months.account_id,
        cast(
            {{ dbt.dateadd('day', var('revenue_close_days'), 'months.month_end_date') }} as date
        ) <= clock.as_of_date as is_closed,
        months.month_start_date,
        months.month_end_date
    from first_months
    inner join months on first_months.first_month_start_date <= months.month_start_date
    cross join clock
)

select * from final
