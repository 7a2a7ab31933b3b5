-- Steps up and down in what invoices say about an account, in US cents. `metered`: the metered revenue of the newest
-- closed month; `past_due`: what is past due; `oldest_overdue_day`: the number since 1970-01-01 of the day on which the
-- oldest invoice that is past due fell due. Grain: many rows an account_id, change_type and change_date; they add up.
with line_months as (
    select
        account_id,
        metered_cents,
        finalized_date,
        cast(
            {{ dbt.dateadd(
                'day', var('revenue_close_days'), dbt.last_day('month_start_date', 'month')
            ) }} as date
        ) as closed_date,
        cast(
            {{ dbt.dateadd(
                'day',
                var('revenue_close_days'),
                dbt.last_day(dbt.dateadd('month', 1, 'month_start_date'), 'month')
            ) }} as date
        ) as next_closed_date
    from {{ ref('int_invoice_lines_allotted_to_months') }}
    where account_id is not null
),

invoices as (
    select * from {{ ref('int_invoices_attributed') }}
    where was_overdue and account_id is not null
),

overdue_spans as (
    select
        account_id,
        {{ dbt.datediff("cast('1970-01-01' as date)", 'overdue_from_date', 'day') }}
            as overdue_day_number,
        oldest_from_date,
        oldest_to_date
    from {{ ref('int_account_overdue_spans') }}
),

steps as (
    -- A line that is billed after the month closed shows from its own day; each month gives way to the next.
    select
        account_id,
        'metered' as change_type,
        metered_cents as step_value,
        greatest(finalized_date, closed_date) as from_date,
        next_closed_date as to_date
    from line_months
    where finalized_date < next_closed_date
    union all
    select
        account_id,
        'past_due' as change_type,
        owed_cents as step_value,
        overdue_from_date as from_date,
        settled_date as to_date
    from invoices
    union all
    select
        account_id,
        'oldest_overdue_day' as change_type,
        overdue_day_number as step_value,
        oldest_from_date as from_date,
        oldest_to_date as to_date
    from overdue_spans
),

final as (
    select
        account_id,
        change_type,
        step_value as change_value,
        from_date as change_date
    from steps
    union all
    select
        account_id,
        change_type,
        -step_value as change_value,
        to_date as change_date
    from steps
    where to_date is not null
)

select * from final
