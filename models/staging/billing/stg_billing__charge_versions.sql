-- Every version of every Stripe charge that was exported, with the day on which we learnt of it: what had failed when.
-- An object exported twice on one day counts once. Grain: one row a billing_charge_id and known_date.
with source as (
    select * from {{ newest_version('billing', 'charges', key='id, _drop_date') }}
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

        ---------- numbers
        amount as amount_minor_units,

        ---------- dates
        _drop_date as known_date,

        ---------- timestamps
        {{ epoch_to_timestamp('created') }} as charged_at
    from source
)

select * from renamed
