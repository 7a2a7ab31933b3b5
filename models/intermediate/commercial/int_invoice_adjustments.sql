-- What was given back after billing: issued credit notes (without tax) and refunds that no credit note explains (as
-- paid, tax included), dated by their own day. Always negative; no part of any revenue movement.
-- Grain: one row an adjustment_id.
with credit_notes as (
    select * from {{ ref('stg_billing__credit_notes') }}
    where credit_note_status = 'issued'
),

refunds as (
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

identities as (
    select * from {{ ref('int_account_identities') }}
    where source_system = 'billing'
),

fx_rates as (
    select * from {{ ref('int_fx_rates_daily') }}
),

noted_invoices as (
    select distinct billing_invoice_id from credit_notes
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

unioned as (
    select
        billing_credit_note_id as adjustment_id,
        billing_customer_id,
        billing_invoice_id,
        'credit_note' as adjustment_type,
        currency,
        -coalesce(subtotal_minor_units, total_minor_units) as amount_minor_units,
        cast(effective_at as date) as effective_date
    from credit_notes
    union all
    select
        refunded_invoices.billing_refund_id as adjustment_id,
        refunded_invoices.billing_customer_id,
        refunded_invoices.billing_invoice_id,
        'refund' as adjustment_type,
        refunded_invoices.currency,
        -refunded_invoices.amount_minor_units as amount_minor_units,
        cast(refunded_invoices.refunded_at as date) as effective_date
    from refunded_invoices
    left join noted_invoices
        on refunded_invoices.billing_invoice_id = noted_invoices.billing_invoice_id
    where noted_invoices.billing_invoice_id is null
),

final as (
    select
        unioned.adjustment_id,
        unioned.billing_customer_id,
        identities.account_id,
        unioned.billing_invoice_id,
        unioned.adjustment_type,
        {{ usd_cents('unioned.amount_minor_units', 'fx_rates.usd_cents_per_minor_unit') }}
            as adjustment_cents,
        unioned.effective_date
    from unioned
    left join identities on unioned.billing_customer_id = identities.source_id
    left join fx_rates
        on
            unioned.currency = fx_rates.currency
            and unioned.effective_date = fx_rates.rate_date
)

select * from final
