-- The one credit ledger: every movement of prepaid commits and credits at any vendor, in one shape.
-- Grain: one row a credit_entry_id.
with entries as (
    select * from {{ ref('int_credit_ledger_entries') }}
),

final as (
    select
        ---------- keys
        credit_entry_id,

        ---------- ids
        account_id,
        credit_grant_id,
        counterpart_credit_grant_id,
        customer_reference,

        ---------- strings
        vendor,
        entry_type,
        vendor_entry_type,
        entry_status,
        grant_category,
        currency,

        ---------- numbers
        vendor_units,
        cast(signed_units as decimal(24, 6)) as signed_units,
        cast(balance_units as decimal(24, 6)) as balance_units,
        cast(pending_units as decimal(24, 6)) as pending_units,
        {{ usd_from_cents('signed_cents') }} as signed_usd,
        {{ usd_from_cents('balance_cents') }} as balance_usd,
        {{ usd_from_cents('pending_cents') }} as pending_usd,

        ---------- dates
        effective_date,

        ---------- timestamps
        effective_at
    from entries
)

select * from final
