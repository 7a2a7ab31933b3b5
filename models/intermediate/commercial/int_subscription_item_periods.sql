-- What each licensed subscription item was worth a month, in valid time, at the quantity and price known then.
-- Paused collection counts by its behavior; an item that vanishes from its subscription ends with the version before.
-- Grain: one row a billing_subscription_item_id and valid_from_date.
with item_versions as (
    select * from {{ ref('stg_billing__subscription_item_versions') }}
    where usage_type = 'licensed'
),

item_amounts as (
    select * from {{ ref('int_subscription_item_amounts') }}
),

subscription_periods as (
    select * from {{ ref('int_subscription_periods') }}
),

billing_intervals as (
    select * from {{ ref('billing_intervals') }}
),

valued as (
    select
        item_versions.billing_subscription_item_id,
        item_versions.billing_subscription_id,
        subscription_periods.account_id,
        item_versions.billing_price_id,
        item_versions.billing_product_id,
        subscription_periods.subscription_status,
        item_versions.billing_interval,
        subscription_periods.currency,
        coalesce(item_versions.quantity, 1) as quantity,
        item_amounts.amount_minor_units,
        subscription_periods.is_paying,
        -- The rate of the day on which the subscription started, so that exchange rates make no movements. Exact: amounts
        -- have 12 decimals, rates 10.
        {{ rounded_share(
            'item_amounts.amount_minor_units * 1000000000000',
            wide('subscription_periods.usd_cents_per_minor_unit * 10000000000')
            ~ ' * billing_intervals.periods_per_year',
            '(' ~ wide('10000000000000000000000')
            ~ ' * 12 * coalesce(item_versions.billing_interval_count, 1))',
        ) }} as monthly_cents,
        case
            when subscription_periods.is_active and billing_intervals.is_contract_term
                then cast(item_versions.current_period_ends_at as date)
        end as renewal_date,
        -- A trial that was over before we first saw the subscription gives nothing either.
        case
            when subscription_periods.is_paying
                then greatest(
                    subscription_periods.valid_from_date, subscription_periods.trial_ended_date
                )
            else subscription_periods.valid_from_date
        end as valid_from_date,
        subscription_periods.valid_to_date
    from item_versions
    inner join item_amounts
        on
            item_versions.billing_subscription_item_id = item_amounts.billing_subscription_item_id
            and item_versions.known_date = item_amounts.known_date
    inner join subscription_periods
        on
            item_versions.billing_subscription_id = subscription_periods.billing_subscription_id
            and item_versions.known_date = subscription_periods.known_date
    left join billing_intervals
        on item_versions.billing_interval = billing_intervals.billing_interval
),

final as (
    select
        billing_subscription_item_id,
        billing_subscription_id,
        account_id,
        billing_price_id,
        billing_product_id,
        subscription_status,
        billing_interval,
        currency,
        quantity,
        amount_minor_units,
        case when is_paying then monthly_cents else 0 end as mrr_cents,
        renewal_date,
        valid_from_date,
        valid_to_date
    from valued
    where valid_to_date is null or valid_to_date > valid_from_date
)

select * from final
