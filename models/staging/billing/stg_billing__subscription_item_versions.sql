-- Every exported version of every Stripe subscription item, with the day on which we learnt of it.
-- Grain: one row a billing_subscription_item_id and known_date.
with subscription_versions as (
    select * from {{ ref('stg_billing__subscription_versions') }}
),

exploded as (
    select
        billing_subscription_id,
        billing_customer_id,
        subscription_status,
        currency,
        known_date,
        started_at,
        trial_ended_at,
        ended_at,
        current_period_started_at,
        current_period_ends_at,
        {{ json_elements('items_json', 'data') }} as item
    from subscription_versions
),

renamed as (
    select
        ---------- ids
        {{ json_text('item', 'id') }} as billing_subscription_item_id,
        billing_subscription_id,
        billing_customer_id,
        {{ json_text('item', 'price.id') }} as billing_price_id,
        {{ json_text('item', 'price.product') }} as billing_product_id,

        ---------- strings
        subscription_status,
        currency,
        {{ json_text('item', 'price.tiers_mode') }} as tiers_mode,
        {{ json_text('item', 'price.transform_quantity.round') }} as package_rounding,
        {{ json_text('item', 'price.recurring.interval') }} as billing_interval,
        coalesce({{ json_text('item', 'price.recurring.usage_type') }}, 'licensed') as usage_type,

        ---------- numbers
        try_cast({{ json_text('item', 'quantity') }} as bigint) as quantity,
        try_cast({{ json_text('item', 'price.recurring.interval_count') }} as bigint) as billing_interval_count,
        try_cast({{ json_text('item', 'price.unit_amount_decimal') }} as decimal(24, 12)) as unit_amount_minor_units,
        try_cast({{ json_text('item', 'price.transform_quantity.divide_by') }} as bigint) as package_size_units,

        ---------- dates
        known_date,

        ---------- timestamps
        started_at,
        trial_ended_at,
        ended_at,
        coalesce(
            {{ epoch_to_timestamp('cast(' ~ json_text('item', 'current_period_start') ~ ' as bigint)') }},
            current_period_started_at
        ) as current_period_started_at,
        coalesce(
            {{ epoch_to_timestamp('cast(' ~ json_text('item', 'current_period_end') ~ ' as bigint)') }},
            current_period_ends_at
        ) as current_period_ends_at
    from exploded
)

select * from renamed
