-- Calendar months that the service period of an invoice line touches, with its days up to the end of each.
-- Grain: one row a billing_invoice_line_id and month_start_date.
with invoice_lines as (
    select
        billing_invoice_line_id,
        service_from_date,
        service_to_date
    from {{ ref('int_invoice_lines_classified') }}
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

final as (
    select
        billing_invoice_line_id,
        {{ dbt.datediff('service_from_date', 'share_to_date', 'day') }} + 1 as elapsed_days,
        {{ dbt.datediff('service_from_date', 'service_to_date', 'day') }} + 1 as service_days,
        month_start_date
    from touched
)

select * from final
