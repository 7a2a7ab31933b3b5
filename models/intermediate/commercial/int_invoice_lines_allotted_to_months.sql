-- Metered invoice lines spread over the calendar months of their service period by days. Shares are differences of
-- rounded running totals, so that the months of a line add up to the line exactly.
-- Grain: one row a billing_invoice_line_id and month_start_date.
with invoice_lines as (
    select * from {{ ref('int_invoice_lines_classified') }}
    where revenue_bucket = 'metered'
),

line_months as (
    select * from {{ ref('int_invoice_line_months') }}
),

rounded as (
    select
        invoice_lines.*,
        line_months.month_start_date,
        {{ rounded_share(
            'invoice_lines.billed_cents', 'line_months.elapsed_days', 'line_months.service_days'
        ) }} as running_consumption_cents,
        {{ rounded_share(
            'invoice_lines.billed_cents - invoice_lines.credited_cents',
            'line_months.elapsed_days',
            'line_months.service_days',
        ) }} as running_metered_cents
    from invoice_lines
    inner join line_months
        on invoice_lines.billing_invoice_line_id = line_months.billing_invoice_line_id
),

final as (
    select
        billing_invoice_line_id,
        billing_invoice_id,
        account_id,
        billing_product_id,
        use_case_id,
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
