-- States of subscriptions in valid time. The first known version holds back to the start of the subscription, each
-- later one from the day on which we learnt of it, the last one until the end or, without an end, for ever.
-- Grain: one row a billing_subscription_id and valid_from_date.
with subscription_versions as (
    select * from {{ ref('stg_billing__subscription_versions') }}
),

identities as (
    select * from {{ ref('int_account_identities') }}
    where source_system = 'billing'
),

statuses as (
    select * from {{ ref('subscription_statuses') }}
),

pauses as (
    select * from {{ ref('pause_behaviors') }}
),

fx_rates as (
    select * from {{ ref('int_fx_rates_daily') }}
),

clock as (
    select as_of_date from {{ ref('util_as_of') }}
),

ordered as (
    select
        *,
        cast(started_at as date) as started_date,
        cast(trial_ended_at as date) as trial_ended_date,
        -- A cancelled subscription that does not tell its end ended when that was asked for, or when we learnt of it.
        cast(
            min(
                coalesce(
                    ended_at,
                    case
                        when subscription_status = 'canceled'
                            then coalesce(canceled_at, cast(known_date as timestamp))
                    end
                )
            ) over (partition by billing_subscription_id) as date
        ) as ended_date,
        row_number() over (
            partition by billing_subscription_id order by known_date
        ) as version_number,
        lead(known_date) over (
            partition by billing_subscription_id order by known_date
        ) as next_known_date
    from subscription_versions
),

dated as (
    select
        *,
        case
            when version_number = 1 then started_date
            else greatest(known_date, started_date)
        end as valid_from_date,
        least(next_known_date, ended_date) as valid_to_date
    from ordered
),

final as (
    select
        dated.billing_subscription_id,
        dated.billing_customer_id,
        identities.account_id,
        dated.subscription_status,
        dated.currency,
        fx_rates.usd_cents_per_minor_unit,
        coalesce(statuses.is_paying, false) and coalesce(pauses.is_paying, true) as is_paying,
        coalesce(statuses.is_active, false) as is_active,
        dated.started_date,
        dated.trial_ended_date,
        dated.ended_date,
        dated.known_date,
        dated.valid_from_date,
        dated.valid_to_date
    from dated
    cross join clock
    left join identities on dated.billing_customer_id = identities.source_id
    left join statuses on dated.subscription_status = statuses.subscription_status
    left join pauses on dated.pause_behavior = pauses.pause_behavior
    left join fx_rates
        on
            dated.currency = fx_rates.currency
            and least(dated.started_date, clock.as_of_date) = fx_rates.rate_date
    where dated.valid_to_date is null or dated.valid_to_date > dated.valid_from_date
)

select * from final
