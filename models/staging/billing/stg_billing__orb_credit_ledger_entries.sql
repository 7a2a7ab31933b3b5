-- Entries of Orb's credit ledger, newest version known at the clock: what was pending may have been committed since.
-- Grain: one row a credit_entry_id.
with source as (
    select * from {{ newest_version('billing', 'orb_credit_ledger_entries', key='id') }}
),

renamed as (
    select
        ---------- ids
        id as credit_entry_id,
        {{ json_text('credit_block', 'id') }} as credit_grant_id,
        {{ json_text('customer', 'external_customer_id') }} as customer_reference,
        invoice_id as billing_invoice_id,

        ---------- strings
        entry_type as vendor_entry_type,
        entry_status,

        ---------- numbers
        ledger_sequence_number as entry_order,
        -- What it does to the customer's balance; an expiration_change moves credits and does nothing to it.
        cast(ending_balance as decimal(24, 6)) - cast(starting_balance as decimal(24, 6))
            as signed_amount,
        cast(abs(amount) as decimal(24, 6)) as moved_amount,

        ---------- timestamps
        {{ utc_timestamp('created_at') }} as effective_at,
        {{ utc_timestamp('new_block_expiry_date') }} as new_block_expires_at
    from source
)

select * from renamed
