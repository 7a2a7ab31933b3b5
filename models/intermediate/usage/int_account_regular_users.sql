-- Users with at least regular_user_days active days among the last 28. A user is regular from an active day until 28 days
-- after the last but so many active days before it; of stretches that overlap only what is new of each counts.
-- Grain: one row an account_id and as_of_date, dense.
{%- set by_user = 'over (partition by account_id, product_user_id order by as_of_date asc nulls last)' %}

with account_days as (
    select * from {{ ref('int_account_days') }}
),

user_days as (
    select
        account_id,
        entity_id as product_user_id,
        as_of_date
    from {{ ref('int_account_entity_days') }}
    where entity_type = 'user' and is_known_entity
),

-- The first of the active days that make the user regular on this one leaves the window 28 days after itself.
counted_back as (
    select
        account_id,
        product_user_id,
        as_of_date,
        lag(as_of_date, {{ var('regular_user_days') - 1 }}) {{ by_user }} as first_counted_date
    from user_days
),

stretches as (
    select
        account_id,
        product_user_id,
        as_of_date,
        cast({{ dbt.dateadd('day', 28, 'first_counted_date') }} as date) as ended_date
    from counted_back
    where as_of_date < cast({{ dbt.dateadd('day', 28, 'first_counted_date') }} as date)
),

-- Starts and ends both move forward, so the stretch before is the only one that can overlap.
disjoint as (
    select
        account_id,
        greatest(
            as_of_date, coalesce(lag(ended_date) {{ by_user }}, as_of_date)
        ) as started_date,
        ended_date
    from stretches
),

edges as (
    select account_id, started_date as as_of_date, 1 as users_change
    from disjoint
    union all
    select account_id, ended_date as as_of_date, -1 as users_change
    from disjoint
),

changes as (
    select
        account_id,
        as_of_date,
        sum(users_change) as users_change
    from edges
    group by account_id, as_of_date
),

final as (
    select
        account_days.account_id,
        account_days.as_of_date,
        cast(coalesce(sum(changes.users_change) over (
            partition by account_days.account_id order by account_days.as_of_date asc nulls last
            rows between unbounded preceding and current row
        ), 0) as bigint) as regular_users_28d_count
    from account_days
    left join changes
        on
            account_days.account_id = changes.account_id
            and account_days.as_of_date = changes.as_of_date
)

select * from final
