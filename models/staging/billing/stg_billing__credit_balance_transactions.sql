-- Stripe credit ledger, newest version known at the clock.
-- Grain: one row a credit_balance_transaction_id.
with source as (
    select * from {{ newest_version('billing', 'credit_balance_transactions', key='id') }}
),

renamed as (
    select
        ---------- ids
        id as credit_balance_transaction_id,
        credit_grant as credit_grant_id,

        ---------- strings
        type as entry_type,
        coalesce({{ json_text('credit', 'type') }}, {{ json_text('debit', 'type') }}) as entry_reason,

        ---------- numbers
        coalesce(cast({{ json_text('credit', 'amount.monetary.value') }} as bigint), -cast({{ json_text('debit', 'amount.monetary.value') }} as bigint)) as signed_minor_units,

        ---------- timestamps
        {{ epoch_to_timestamp('coalesce(effective_at, created)') }} as effective_at
    from source
)

select * from renamed
