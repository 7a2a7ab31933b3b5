-- Detects lines that staging lost or doubled (an invoice embeds ten and pages the rest): the lines of an invoice must add
-- up to its subtotal in minor units.
with line_totals as (
    select
        billing_invoice_id,
        sum(amount_minor_units) as lines_minor_units
    from {{ ref('stg_billing__invoice_lines') }}
    group by billing_invoice_id
)

select
    invoices.billing_invoice_id,
    invoices.subtotal_minor_units,
    line_totals.lines_minor_units
from {{ ref('stg_billing__invoices') }} as invoices
left join line_totals on invoices.billing_invoice_id = line_totals.billing_invoice_id
where invoices.subtotal_minor_units <> coalesce(line_totals.lines_minor_units, 0)
