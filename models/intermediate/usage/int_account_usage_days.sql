-- Usage of an account on a day: 0 where the feed arrived without any, null where it did not arrive, only in part or in
-- surplus.
-- Grain: one row an account_id and as_of_date, dense.
with account_days as (
    select * from {{ ref('int_account_days') }}
),

entity_days as (
    select * from {{ ref('int_account_entity_days') }}
),

known_days as (
    select * from {{ ref('int_feed_health') }}
    where system = 'product' and is_counted
),

-- Every event has one feature: totals are summed over features, actives are counted in their own type.
used_days as (
    select
        account_id,
        as_of_date,
        sum(credits) filter (where entity_type = 'feature') as credits,
        sum(events_count) filter (where entity_type = 'feature') as events_count,
        sum(key_actions_count) filter (where entity_type = 'feature') as key_actions_count,
        count(*) filter (where entity_type = 'user' and is_known_entity) as active_users_count,
        count(*) filter (where entity_type = 'team' and is_known_entity) as active_teams_count,
        count(*) filter (where entity_type = 'feature' and is_known_entity)
            as active_features_count,
        count(*) filter (where entity_type = 'use_case' and is_known_entity)
            as active_use_cases_count
    from entity_days
    group by account_id, as_of_date
),

final as (
    select
        ---------- keys
        account_days.account_id,
        account_days.as_of_date,

        ---------- numbers
        {%- for column in [
            'events_count', 'key_actions_count', 'active_users_count', 'active_teams_count',
            'active_features_count', 'active_use_cases_count',
        ] %}
        case
            when known_days.as_of_date is not null
                then cast(coalesce(used_days.{{ column }}, 0) as bigint)
        end as {{ column }},
        {%- endfor %}
        case
            when known_days.as_of_date is not null
                then cast(coalesce(used_days.credits, 0) as decimal(24, 6))
        end as credits,

        ---------- booleans
        known_days.as_of_date is not null as is_usage_known
    from account_days
    left join known_days
        on account_days.as_of_date = known_days.as_of_date
    left join used_days
        on
            account_days.account_id = used_days.account_id
            and account_days.as_of_date = used_days.as_of_date
)

select * from final
