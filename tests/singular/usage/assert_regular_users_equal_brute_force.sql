-- Detects a wrong stretch of regular use: recounts the active days of every user of the 3 busiest accounts by joining every
-- day with its window, which is exact but far too slow for all of them.
with regular_users as (
    select * from {{ ref('int_account_regular_users') }}
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

active_days as (
    select
        regular_users.account_id,
        regular_users.as_of_date,
        regular_users.regular_users_28d_count,
        user_days.entity_id,
        count(user_days.as_of_date) as active_days_count
    from regular_users
    inner join busiest
        on regular_users.account_id = busiest.account_id
    left join user_days
        on
            regular_users.account_id = user_days.account_id
            and regular_users.as_of_date >= user_days.as_of_date
            and user_days.as_of_date
            > cast({{ dbt.dateadd('day', -28, 'regular_users.as_of_date') }} as date)
    group by
        regular_users.account_id,
        regular_users.as_of_date,
        regular_users.regular_users_28d_count,
        user_days.entity_id
),

recounted as (
    select
        account_id,
        as_of_date,
        regular_users_28d_count,
        sum(case when active_days_count >= {{ var('regular_user_days') }} then 1 else 0 end)
            as users_28d_count
    from active_days
    group by account_id, as_of_date, regular_users_28d_count
)

select * from recounted
where regular_users_28d_count <> users_28d_count
