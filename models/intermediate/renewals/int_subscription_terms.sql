-- Terms of subscriptions that are billed by the term, and whether the subscription went on after them.
-- Grain: one row a billing_subscription_id and subscription_end_date.
with item_periods as (
    select * from {{ ref('int_subscription_item_periods') }}
    where renewal_date is not null and account_id is not null
),

-- Older subscriptions tell one period for all their items: the month of the metered ones is no term of a yearly one.
item_terms as (
    select
        item_versions.billing_subscription_id,
        cast(min(item_versions.current_period_started_at) as date) as term_start_date,
        cast(item_versions.current_period_ends_at as date) as subscription_end_date
    from {{ ref('stg_billing__subscription_item_versions') }} as item_versions
    inner join {{ ref('billing_intervals') }} as billing_intervals
        on item_versions.billing_interval = billing_intervals.billing_interval
    where
        billing_intervals.is_contract_term
        and {{ dbt.datediff(
            'item_versions.current_period_started_at', 'item_versions.current_period_ends_at', 'day'
        ) }} * billing_intervals.periods_per_year * 2 > 365 * coalesce(item_versions.billing_interval_count, 1)
    group by item_versions.billing_subscription_id, cast(item_versions.current_period_ends_at as date)
),

clock as (
    select as_of_date from {{ ref('util_as_of') }}
),

terms as (
    select
        item_periods.account_id,
        item_periods.billing_subscription_id,
        item_terms.subscription_end_date,
        item_terms.term_start_date,
        min(item_periods.valid_from_date) as known_from_date,
        max(coalesce(item_periods.valid_to_date, cast('9999-12-31' as date))) as valid_to_date
    from item_periods
    inner join item_terms
        on
            item_periods.billing_subscription_id = item_terms.billing_subscription_id
            and item_periods.renewal_date = item_terms.subscription_end_date
    group by
        item_periods.account_id,
        item_periods.billing_subscription_id,
        item_terms.subscription_end_date,
        item_terms.term_start_date
),

followed as (
    select
        *,
        lead(known_from_date) over (
            partition by billing_subscription_id order by subscription_end_date
        ) as renewed_date,
        lead(subscription_end_date) over (
            partition by billing_subscription_id order by subscription_end_date
        ) as next_end_date
    from terms
),

final as (
    select
        followed.account_id,
        followed.billing_subscription_id,
        followed.term_start_date,
        followed.subscription_end_date,
        followed.next_end_date,
        followed.known_from_date,
        followed.renewed_date,
        case
            when followed.renewed_date is null and followed.valid_to_date <= clock.as_of_date
                then followed.valid_to_date
        end as ended_date,
        -- The last day on which it says what it is worth: of the term, before the next one or an early end, or today.
        least(
            cast({{ dbt.dateadd(
                'day', -1, 'least(followed.subscription_end_date, followed.valid_to_date, followed.renewed_date)'
            ) }} as date),
            clock.as_of_date
        ) as valued_date
    from followed
    cross join clock
    -- One that gave way to another long before its end was changed, not renewed.
    where
        followed.renewed_date is null
        or followed.renewed_date >= cast(
            {{ dbt.dateadd('day', -var('renewal_match_days'), 'followed.subscription_end_date') }} as date
        )
)

select * from final
