-- Product events per day, team, user and feature, priced in credits by the features seed. Events that the seed does not
-- know are kept under the feature `unknown`, with 0 credits.
-- Grain: one row an event_date, product_group_id, workspace_id, product_user_id, feature_id and event_name.
{{ config(materialized='view') }}

with event_days as (
    select * from {{ ref('int_usage_user_event_days') }}
),

features as (
    select * from {{ ref('features') }}
),

final as (
    select
        ---------- keys
        event_days.event_date,
        event_days.product_group_id,
        event_days.workspace_id,
        event_days.product_user_id,
        coalesce(features.feature_id, 'unknown') as feature_id,
        event_days.event_name,

        ---------- ids
        features.use_case_id,
        event_days.built_load_id,

        ---------- numbers
        event_days.events_count,
        case when features.is_key_action then event_days.events_count else 0 end
            as key_actions_count,
        event_days.quantity_units,
        cast(
            event_days.quantity_units * coalesce(features.credits_per_unit, 0) as decimal(24, 6)
        ) as credits,

        ---------- dates
        event_days.built_as_of_date
    from event_days
    left join features
        on event_days.event_name = features.event
)

select * from final
