-- Stripe credit notes, newest version known at the clock.
-- Grain: one row a billing_credit_note_id.
with source as (
    select * from {{ newest_version('billing', 'credit_notes', key='id') }}
),

renamed as (
    select
        ---------- ids
        id as billing_credit_note_id,
        customer as billing_customer_id,
        invoice as billing_invoice_id,

        ---------- strings
        currency,
        status as credit_note_status,
        type as credit_note_type,
        reason,

        ---------- numbers
        total as total_minor_units,
        subtotal as subtotal_minor_units,

        ---------- timestamps
        {{ epoch_to_timestamp('coalesce(effective_at, created)') }} as effective_at,
        {{ epoch_to_timestamp('voided_at') }} as voided_at,
        {{ epoch_to_timestamp('created') }} as created_at
    from source
)

select * from renamed
