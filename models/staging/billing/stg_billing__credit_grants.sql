-- Stripe credit grants (prepaid commits and promotions), newest version known at the clock.
-- Grain: one row a credit_grant_id.
with source as (
    select * from {{ newest_version('billing', 'credit_grants', key='id') }}
),

renamed as (
    select
        ---------- ids
        id as credit_grant_id,
        customer as billing_customer_id,
        {{ json_text('metadata', 'rolled_over_from') }} as rolled_over_from_credit_grant_id,

        ---------- strings
        name as grant_name,
        category as grant_category,
        coalesce({{ json_text('metadata', 'kind') }}, 'grant') as grant_kind,
        {{ json_text('amount', 'monetary.currency') }} as currency,

        ---------- numbers
        priority as burn_priority,
        cast({{ json_text('amount', 'monetary.value') }} as bigint) as granted_minor_units,

        ---------- timestamps
        {{ epoch_to_timestamp('coalesce(effective_at, created)') }} as effective_at,
        {{ epoch_to_timestamp('expires_at') }} as expires_at,
        {{ epoch_to_timestamp('voided_at') }} as voided_at,
        {{ epoch_to_timestamp('created') }} as created_at
    from source
)

select * from renamed
