-- Detects usage that reached no account: on days whose usage is known, all events and credits of organizations
-- must be in the account days, to the last digit. An organization without account, use older than its account or a
-- join that multiplies rows each show as a difference. Calls outside any organization (before sign-in) have no account.
with known_days as (
    select as_of_date from {{ ref('int_feed_health') }}
    where system = 'product' and is_counted
),

used as (
    select
        user_feature_days.event_date as as_of_date,
        sum(user_feature_days.events_count) as events_count,
        sum(user_feature_days.credits) as credits
    from {{ ref('int_usage_user_feature_days') }} as user_feature_days
    inner join known_days
        on user_feature_days.event_date = known_days.as_of_date
    where user_feature_days.product_group_id <> ''
    group by user_feature_days.event_date
),

accounted as (
    select
        as_of_date,
        sum(events_count) as events_count,
        sum(credits) as credits
    from {{ ref('int_account_usage_days') }}
    where events_count > 0
    group by as_of_date
)

select
    coalesce(used.as_of_date, accounted.as_of_date) as as_of_date,
    used.events_count,
    accounted.events_count as accounted_events_count,
    used.credits,
    accounted.credits as accounted_credits
from used
full outer join accounted
    on used.as_of_date = accounted.as_of_date
where
    coalesce(used.events_count, 0) <> coalesce(accounted.events_count, 0)
    or coalesce(used.credits, 0) <> coalesce(accounted.credits, 0)
