-- Succeeded refunds of invoices that no issued credit note corrects, with the invoice that their charge paid for.
-- Grain: one row a billing_refund_id.
with refunds as (
    select * from {{ ref('stg_billing__refunds') }}
    where refund_status = 'succeeded'
),

charges as (
    select * from {{ ref('stg_billing__charges') }}
),

invoice_payments as (
    select
        coalesce(billing_charge_id, payment_intent_id) as payment_id,
        min(billing_invoice_id) as billing_invoice_id
    from {{ ref('stg_billing__invoice_payments') }}
    group by coalesce(billing_charge_id, payment_intent_id)
),

noted_invoices as (
    select distinct billing_invoice_id
    from {{ ref('stg_billing__credit_notes') }}
    where credit_note_status = 'issued'
),

refunded_invoices as (
    select
        refunds.billing_refund_id,
        charges.billing_customer_id,
        refunds.currency,
        refunds.amount_minor_units,
        refunds.refunded_at,
        coalesce(
            charges.billing_invoice_id,
            by_charge.billing_invoice_id,
            by_intent.billing_invoice_id
        ) as billing_invoice_id
    from refunds
    inner join charges on refunds.billing_charge_id = charges.billing_charge_id
    left join invoice_payments as by_charge on charges.billing_charge_id = by_charge.payment_id
    left join invoice_payments as by_intent on charges.payment_intent_id = by_intent.payment_id
),

final as (
    select refunded_invoices.*
    from refunded_invoices
    left join noted_invoices
        on refunded_invoices.billing_invoice_id = noted_invoices.billing_invoice_id
    where noted_invoices.billing_invoice_id is null
)

select * from final
