-- Credit blocks of Orb, newest version known at the clock.
-- Grain: one row a credit_grant_id.
with source as (
    select * from {{ newest_version('billing', 'orb_credit_blocks', key='id') }}
),

renamed as (
    select
        ---------- ids
        id as credit_grant_id,
        external_customer_id as customer_reference,

        ---------- strings
        credit_block_source as grant_kind,
        lower(currency) as currency,
        status as block_status,

        ---------- numbers
        try_cast(per_unit_cost_basis as decimal(18, 6)) as unit_cost_usd,
        cast(balance as decimal(24, 6)) as reported_balance,

        ---------- dates
        _drop_date as reported_date,

        ---------- timestamps
        {{ utc_timestamp('effective_date') }} as effective_at,
        {{ utc_timestamp('expiry_date') }} as expires_at
    from source
)

select * from renamed
