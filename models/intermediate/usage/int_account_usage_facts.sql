-- Usage of accounts: every user, team and feature of a day, for days whose usage is known. What a missing or partial day
-- left behind is not all of it and stays out until the rest arrives.
-- Grain: one row an account_id, as_of_date, product_group_id, workspace_id, product_user_id and event_name.
{{ config(materialized='view') }}

with user_feature_days as (
    select * from {{ ref('int_usage_user_feature_days') }}
),

identities as (
    select * from {{ ref('int_account_identities') }}
    where source_system = 'product' and account_id is not null
),

known_days as (
    select * from {{ ref('int_feed_health') }}
    where system = 'product' and is_counted
),

accounts as (
    select * from {{ ref('int_accounts') }}
    where is_customer
),

final as (
    select
        ---------- keys
        identities.account_id,
        user_feature_days.event_date as as_of_date,
        user_feature_days.product_group_id,
        user_feature_days.workspace_id,
        user_feature_days.product_user_id,
        user_feature_days.event_name,

        ---------- ids
        user_feature_days.feature_id,
        coalesce(user_feature_days.use_case_id, '') as use_case_id,

        ---------- numbers
        user_feature_days.events_count,
        user_feature_days.key_actions_count,
        user_feature_days.credits
    from user_feature_days
    inner join identities
        on user_feature_days.product_group_id = identities.source_id
    -- Account days begin with the account; a singular test holds that no usage is older than its account.
    inner join accounts
        on
            identities.account_id = accounts.account_id
            and user_feature_days.event_date >= accounts.started_date
    inner join known_days
        on user_feature_days.event_date = known_days.as_of_date
)

select * from final
