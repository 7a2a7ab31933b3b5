-- Metered invoice lines spread over the calendar months of their service period by days. Shares are differences of
-- rounded running totals, so that the months of a line add up to the line exactly.
-- Grain: one row a billing_invoice_line_id and month_start_date.
with invoice_lines as (
    select * from {{ ref('int_invoice_lines_classified') }}
    where revenue_bucket = 'metered'
),

bounds as (
    select
        min(service_from_date) as first_date,
        max(service_to_date) as last_date
    from invoice_lines
),

calendar as (
    select {{ date_spine('first_date', 'last_date') }} as calendar_date
    from bounds
    where first_date is not null
),

months as (
    select distinct cast({{ dbt.date_trunc('month', 'calendar_date') }} as date) as month_start_date
    from calendar
),

touched as (
    select
        invoice_lines.*,
        months.month_start_date,
        least(
            invoice_lines.service_to_date,
            cast({{ dbt.last_day('months.month_start_date', 'month') }} as date)
        ) as share_to_date
    from invoice_lines
    inner join months
        on
            invoice_lines.service_to_date >= months.month_start_date
            and cast({{ dbt.date_trunc('month', 'invoice_lines.service_from_date') }} as date)
            <= months.month_start_date
),

running as (
    select
        *,
        cast({{ dbt.datediff('service_from_date', 'share_to_date', 'day') }} + 1 as double)
        / nullif({{ dbt.datediff('service_from_date', 'service_to_date', 'day') }} + 1, 0)
            as elapsed_ratio
    from touched
),

rounded as (
    select
        *,
        cast(round(billed_cents * elapsed_ratio) as bigint) as running_consumption_cents,
        cast(round((billed_cents - credited_cents) * elapsed_ratio) as bigint)
            as running_metered_cents
    from running
),

final as (
    select
        billing_invoice_line_id,
        billing_invoice_id,
        account_id,
        running_metered_cents - lag(running_metered_cents, 1, 0) over (
            partition by billing_invoice_line_id order by month_start_date
        ) as metered_cents,
        running_consumption_cents - lag(running_consumption_cents, 1, 0) over (
            partition by billing_invoice_line_id order by month_start_date
        ) as consumption_cents,
        finalized_date,
        month_start_date
    from rounded
)

select * from final
