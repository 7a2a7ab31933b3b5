-- Stripe charges (payment attempts), newest version known at the clock.
-- Grain: one row a billing_charge_id.
with source as (
    select * from {{ newest_version('billing', 'charges', key='id') }}
),

renamed as (
    select
        ---------- ids
        id as billing_charge_id,
        customer as billing_customer_id,
        invoice as billing_invoice_id,
        payment_intent as payment_intent_id,

        ---------- strings
        currency,
        status as charge_status,
        failure_code,

        ---------- numbers
        amount as amount_minor_units,
        amount_refunded as amount_refunded_minor_units,

        ---------- booleans
        coalesce(disputed, false) as is_disputed,

        ---------- timestamps
        {{ epoch_to_timestamp('created') }} as charged_at
    from source
)

select * from renamed
