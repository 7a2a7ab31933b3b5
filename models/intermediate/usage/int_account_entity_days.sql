-- What an account used on a day, four ways: by user, team, feature and use case. Each way holds all of the day's events.
-- Grain: one row an account_id, as_of_date, entity_type and entity_id.
with usage_facts as (
    select * from {{ ref('int_account_usage_facts') }}
),

grouped as (
    select
        account_id,
        as_of_date,
        case
            when grouping(product_user_id) = 0 then 'user'
            when grouping(workspace_id) = 0 then 'team'
            when grouping(feature_id) = 0 then 'feature'
            else 'use_case'
        end as entity_type,
        coalesce(product_user_id, workspace_id, feature_id, use_case_id) as entity_id,
        sum(events_count) as events_count,
        sum(key_actions_count) as key_actions_count,
        sum(credits) as credits
    from usage_facts
    group by
        -- sqlfluff does not know them on DuckDB
        grouping sets ( -- noqa: PRS, LT02
            (account_id, as_of_date, product_user_id),
            (account_id, as_of_date, workspace_id),
            (account_id, as_of_date, feature_id),
            (account_id, as_of_date, use_case_id)
        )
),

final as (
    select
        account_id,
        as_of_date,
        entity_type,
        entity_id,
        cast(events_count as bigint) as events_count,
        cast(key_actions_count as bigint) as key_actions_count,
        cast(credits as decimal(24, 6)) as credits,
        entity_id not in ('', 'unknown') as is_known_entity
    from grouped
)

select * from final
