-- Stripe prices, newest version known at the clock. Amounts are minor units with decimals.
-- Grain: one row a billing_price_id.
with source as (
    select * from {{ newest_version('billing', 'prices', key='id') }}
),

renamed as (
    select
        ---------- ids
        id as billing_price_id,
        product as billing_product_id,
        {{ json_text('recurring', 'meter') }} as meter_id,

        ---------- strings
        currency,
        nickname as price_nickname,
        type as price_type,
        billing_scheme,
        tiers_mode,
        {{ json_text('recurring', 'interval') }} as billing_interval,
        coalesce({{ json_text('recurring', 'usage_type') }}, 'licensed') as usage_type,

        ---------- numbers
        try_cast(coalesce(unit_amount_decimal, cast(unit_amount as {{ dbt.type_string() }})) as decimal(24, 12)) as unit_amount_minor_units,
        try_cast({{ json_text('recurring', 'interval_count') }} as bigint) as billing_interval_count,
        try_cast({{ json_text('transform_quantity', 'divide_by') }} as bigint) as package_size_units,

        ---------- booleans
        coalesce(active, false) as is_active,

        ---------- timestamps
        {{ epoch_to_timestamp('created') }} as created_at
    from source
)

select * from renamed
