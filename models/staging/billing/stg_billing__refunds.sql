-- Stripe refunds, newest version known at the clock.
-- Grain: one row a billing_refund_id.
with source as (
    select * from {{ newest_version('billing', 'refunds', key='id') }}
),

renamed as (
    select
        ---------- ids
        id as billing_refund_id,
        charge as billing_charge_id,
        payment_intent as payment_intent_id,

        ---------- strings
        currency,
        status as refund_status,
        reason,

        ---------- numbers
        amount as amount_minor_units,

        ---------- timestamps
        {{ epoch_to_timestamp('created') }} as refunded_at
    from source
)

select * from renamed
