-- Stripe products, newest version known at the clock.
-- Grain: one row a billing_product_id.
with source as (
    select * from {{ newest_version('billing', 'products', key='id') }}
),

renamed as (
    select
        ---------- ids
        id as billing_product_id,

        ---------- strings
        name as product_name,
        unit_label,
        {{ json_text('metadata', 'use_case_id') }} as use_case_id,
        {{ json_text('metadata', 'kind') }} as product_kind,

        ---------- booleans
        coalesce(active, false) as is_active,

        ---------- timestamps
        {{ epoch_to_timestamp('created') }} as created_at
    from source
)

select * from renamed
