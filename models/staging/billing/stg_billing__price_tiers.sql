-- Tiers of tiered Stripe prices, in order.
-- Grain: one row a billing_price_id and tier_number.
with source as (
    select * from {{ newest_version('billing', 'prices', key='id') }}
),

exploded as (
    select
        id as billing_price_id,
        {{ json_elements('tiers') }} as tier
    from source
    where tiers is not null
),

typed as (
    select
        billing_price_id,
        try_cast({{ json_text('tier', 'up_to') }} as bigint) as up_to_units,
        coalesce(
            try_cast({{ json_text('tier', 'unit_amount_decimal') }} as decimal(24, 12)), 0
        ) as unit_amount_minor_units,
        coalesce(try_cast({{ json_text('tier', 'flat_amount') }} as bigint), 0) as flat_amount_minor_units
    from exploded
),

numbered as (
    select
        billing_price_id,
        row_number() over (
            partition by billing_price_id
            order by up_to_units asc nulls last
        ) as tier_number,
        up_to_units,
        unit_amount_minor_units,
        flat_amount_minor_units
    from typed
)

select * from numbered
