-- What each licensed subscription item costs a billing period at the quantity of each version: by the unit, by packages,
-- by graduated tiers (each unit at the price of its tier) or by volume (all units at the price of the tier that they reach).
-- Tiers come from the price book: Stripe never changes the amounts of a price. Grain: one row a
-- billing_subscription_item_id and known_date.
with item_versions as (
    select
        *,
        coalesce(quantity, 1) as units
    from {{ ref('stg_billing__subscription_item_versions') }}
    where usage_type = 'licensed'
),

tiers as (
    select
        *,
        coalesce(lag(up_to_units) over (
            partition by billing_price_id order by tier_number
        ), 0) as above_units
    from {{ ref('stg_billing__price_tiers') }}
),

-- Tiers that an item reaches; the first also without a unit, as its flat amount is a base fee.
reached as (
    select
        item_versions.billing_subscription_item_id,
        item_versions.known_date,
        tiers.flat_amount_minor_units,
        tiers.unit_amount_minor_units,
        item_versions.units,
        least(item_versions.units, coalesce(tiers.up_to_units, item_versions.units))
        - tiers.above_units as units_in_tier,
        tiers.up_to_units is null or item_versions.units <= tiers.up_to_units as is_last
    from item_versions
    inner join tiers
        on
            item_versions.billing_price_id = tiers.billing_price_id
            and (item_versions.units > tiers.above_units or tiers.tier_number = 1)
    where item_versions.tiers_mode is not null
),

tiered as (
    select
        billing_subscription_item_id,
        known_date,
        sum(
            cast(units_in_tier as decimal(13, 0)) * unit_amount_minor_units
            + flat_amount_minor_units
        ) as graduated_minor_units,
        sum(
            cast(units as decimal(13, 0)) * unit_amount_minor_units + flat_amount_minor_units
        ) filter (where is_last) as volume_minor_units
    from reached
    group by billing_subscription_item_id, known_date
),

final as (
    select
        item_versions.billing_subscription_item_id,
        item_versions.known_date,
        cast(
            case
                when item_versions.tiers_mode = 'volume' then tiered.volume_minor_units
                when item_versions.tiers_mode = 'graduated' then tiered.graduated_minor_units
                when item_versions.package_rounding = 'down'
                    then
                        cast({{ floor_divide(
                            'item_versions.units', 'item_versions.package_size_units'
                        ) }} as decimal(13, 0)) * item_versions.unit_amount_minor_units
                when item_versions.package_size_units is not null
                    then
                        cast({{ floor_divide(
                            'item_versions.units + item_versions.package_size_units - 1',
                            'item_versions.package_size_units',
                        ) }} as decimal(13, 0)) * item_versions.unit_amount_minor_units
                else
                    cast(item_versions.units as decimal(13, 0))
                    * item_versions.unit_amount_minor_units
            end as decimal(38, 12)
        ) as amount_minor_units
    from item_versions
    left join tiered
        on
            item_versions.billing_subscription_item_id = tiered.billing_subscription_item_id
            and item_versions.known_date = tiered.known_date
)

select * from final
