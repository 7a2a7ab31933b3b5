-- Stripe invoice payments (newer generation), newest version known at the clock.
-- Grain: one row a billing_invoice_payment_id.
with source as (
    select * from {{ newest_version('billing', 'invoice_payments', key='id') }}
),

renamed as (
    select
        ---------- ids
        id as billing_invoice_payment_id,
        invoice as billing_invoice_id,
        {{ json_text('payment', 'payment_intent') }} as payment_intent_id,
        {{ json_text('payment', 'charge') }} as billing_charge_id,

        ---------- strings
        currency,
        status as payment_status,

        ---------- numbers
        amount_paid as amount_paid_minor_units,

        ---------- timestamps
        {{ epoch_to_timestamp('cast(' ~ json_text('status_transitions', 'paid_at') ~ ' as bigint)') }} as paid_at,
        {{ epoch_to_timestamp('created') }} as created_at
    from source
)

select * from renamed
