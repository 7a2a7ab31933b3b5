-- Activity in each use case that an account ever used: the last 28 days and the 28 before, first and last day of use.
-- Grain: one row an account_id and use_case_id with any use on a known day.
with clock as (
    select * from {{ ref('util_as_of') }}
),

use_case_days as (
    select * from {{ ref('int_account_entity_days') }}
    where entity_type = 'use_case' and is_known_entity
),

recent_facts as (
    select * from {{ ref('int_account_usage_facts') }}
    where as_of_date > cast({{ dbt.dateadd('day', -28, as_of_date()) }} as date)
),

-- Age 0 is the day of the clock: ages 0 to 27 are the last 28 days, week 0 the last 7.
aged_days as (
    select
        use_case_days.*,
        {{ dbt.datediff('use_case_days.as_of_date', 'clock.as_of_date', 'day') }} as days_ago
    from use_case_days
    cross join clock
),

used as (
    select
        account_id,
        entity_id as use_case_id,
        min(as_of_date) as first_used_date,
        max(as_of_date) as last_used_date,
        count(distinct floor(days_ago / 7.0)) filter (where days_ago < 28)
            as active_weeks_28d_count,
        count(distinct floor(days_ago / 7.0)) filter (where days_ago between 28 and 55)
            as previous_active_weeks_28d_count,
        sum(events_count) filter (where days_ago < 28) as events_28d_count,
        sum(credits) filter (where days_ago < 28) as credits_28d,
        sum(credits) filter (where days_ago between 28 and 55) as previous_credits_28d
    from aged_days
    group by account_id, entity_id
),

actives as (
    select
        account_id,
        use_case_id,
        count(distinct nullif(product_user_id, '')) as users_28d_count,
        count(distinct nullif(workspace_id, '')) as teams_28d_count
    from recent_facts
    group by account_id, use_case_id
),

final as (
    select
        ---------- keys
        used.account_id,
        used.use_case_id,

        ---------- numbers
        cast(used.active_weeks_28d_count as bigint) as active_weeks_28d_count,
        cast(used.previous_active_weeks_28d_count as bigint) as previous_active_weeks_28d_count,
        cast(coalesce(used.events_28d_count, 0) as bigint) as events_28d_count,
        cast(coalesce(actives.users_28d_count, 0) as bigint) as users_28d_count,
        cast(coalesce(actives.teams_28d_count, 0) as bigint) as teams_28d_count,
        cast(coalesce(used.credits_28d, 0) as decimal(24, 6)) as credits_28d,
        cast(coalesce(used.previous_credits_28d, 0) as decimal(24, 6)) as previous_credits_28d,

        ---------- dates
        used.first_used_date,
        used.last_used_date
    from used
    left join actives
        on
            used.account_id = actives.account_id
            and used.use_case_id = actives.use_case_id
)

select * from final
