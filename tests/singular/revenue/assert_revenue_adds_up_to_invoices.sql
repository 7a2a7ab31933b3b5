-- Detects revenue that is booked twice, lost, or put into the wrong account or currency: all months of the mart together
-- must be the subtotals and the totals of the standing invoices, and the adjustments, to the minor unit. If it fails, no
-- figure of account_revenue_monthly can be trusted.
with mart as (
    select
        account_id,
        currency,
        sum(
            recurring_minor_units + one_time_minor_units + metered_minor_units
            + committed_minor_units + promotional_minor_units
        ) as subtotal_minor_units,
        sum(revenue_minor_units + taxes_minor_units) as total_minor_units,
        sum(credit_notes_minor_units + refunds_minor_units) as adjustment_minor_units
    from {{ ref('account_revenue_monthly') }}
    group by account_id, currency
),

invoices as (
    select
        attributed.account_id,
        attributed.currency,
        sum(invoices.subtotal_minor_units) as subtotal_minor_units,
        sum(invoices.total_minor_units) as total_minor_units
    from {{ ref('int_invoices_attributed') }} as attributed
    inner join {{ ref('stg_billing__invoices') }} as invoices
        on attributed.billing_invoice_id = invoices.billing_invoice_id
    where not attributed.is_void and attributed.account_id is not null
    group by attributed.account_id, attributed.currency
),

adjustments as (
    select
        account_id,
        currency,
        sum(adjustment_minor_units) as adjustment_minor_units,
        sum(adjustment_minor_units + tax_minor_units) as total_minor_units
    from {{ ref('int_invoice_adjustments') }}
    where account_id is not null
    group by account_id, currency
)

select
    coalesce(mart.account_id, invoices.account_id) as account_id,
    coalesce(mart.currency, invoices.currency) as currency
from mart
full outer join invoices
    on mart.account_id = invoices.account_id and mart.currency = invoices.currency
left join adjustments
    on
        coalesce(mart.account_id, invoices.account_id) = adjustments.account_id
        and coalesce(mart.currency, invoices.currency) = adjustments.currency
where
    coalesce(mart.subtotal_minor_units, 0) <> coalesce(invoices.subtotal_minor_units, 0)
    or coalesce(mart.total_minor_units, 0)
    <> coalesce(invoices.total_minor_units, 0) + coalesce(adjustments.total_minor_units, 0)
    or coalesce(mart.adjustment_minor_units, 0) <> coalesce(adjustments.adjustment_minor_units, 0)
