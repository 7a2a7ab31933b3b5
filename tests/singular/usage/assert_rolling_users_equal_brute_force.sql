-- Detects a wrong merge of windows: recounts the distinct users of the 3 busiest accounts by joining every day with its
-- window, which is exact but far too slow for all of them.
with rolling_actives as (
    select * from {{ ref('int_account_rolling_actives') }}
),

user_days as (
    select * from {{ ref('int_account_entity_days') }}
    where entity_type = 'user' and is_known_entity
),

busiest as (
    select
        account_id,
        count(*) as user_days_count
    from user_days
    group by account_id
    order by user_days_count desc nulls last, account_id asc nulls last
    limit 3
),

recounted as (
    select
        rolling_actives.account_id,
        rolling_actives.as_of_date,
        rolling_actives.active_users_7d_count,
        rolling_actives.active_users_28d_count,
        rolling_actives.active_users_90d_count,
        count(distinct user_days.entity_id) filter (
            where user_days.as_of_date
            > cast({{ dbt.dateadd('day', -7, 'rolling_actives.as_of_date') }} as date)
        ) as users_7d_count,
        count(distinct user_days.entity_id) filter (
            where user_days.as_of_date
            > cast({{ dbt.dateadd('day', -28, 'rolling_actives.as_of_date') }} as date)
        ) as users_28d_count,
        count(distinct user_days.entity_id) as users_90d_count
    from rolling_actives
    inner join busiest
        on rolling_actives.account_id = busiest.account_id
    left join user_days
        on
            rolling_actives.account_id = user_days.account_id
            and rolling_actives.as_of_date >= user_days.as_of_date
            and user_days.as_of_date
            > cast({{ dbt.dateadd('day', -90, 'rolling_actives.as_of_date') }} as date)
    group by
        rolling_actives.account_id,
        rolling_actives.as_of_date,
        rolling_actives.active_users_7d_count,
        rolling_actives.active_users_28d_count,
        rolling_actives.active_users_90d_count
)

select * from recounted
where
    active_users_7d_count <> users_7d_count
    or active_users_28d_count <> users_28d_count
    or active_users_90d_count <> users_90d_count
