-- Product usage of every customer on every day, with trailing 7, 28 and 90 days.
-- Grain: one row an account_id and as_of_date, without gaps.
with usage_days as (
    select * from {{ ref('int_account_usage_days') }}
),

usage_measures as (
    select * from {{ ref('int_account_usage_measures') }}
),

adoption_measures as (
    select * from {{ ref('int_account_adoption_measures') }}
),

final as (
    select
        ---------- keys
        usage_days.account_id,
        usage_days.as_of_date,

        ---------- numbers
        usage_days.credits,
        usage_days.events_count,
        usage_days.key_actions_count,
        usage_days.active_users_count,
        usage_days.active_teams_count,
        usage_days.active_features_count,
        usage_days.active_use_cases_count,
        usage_measures.consumption_credits_7d,
        usage_measures.consumption_credits_28d,
        usage_measures.consumption_credits_90d,
        usage_measures.consumption_change_7d_pct,
        usage_measures.consumption_change_28d_pct,
        usage_measures.consumption_change_180d_pct,
        usage_measures.consumption_peak_ratio,
        usage_measures.active_users_7d_count,
        usage_measures.active_users_28d_count,
        usage_measures.active_users_90d_count,
        usage_measures.active_users_change_28d_pct,
        adoption_measures.active_teams_28d_count,
        adoption_measures.active_features_28d_count,
        adoption_measures.active_use_cases_28d_count,
        adoption_measures.stickiness_28d_ratio,
        usage_measures.days_since_last_use,
        adoption_measures.days_since_key_action,
        usage_measures.known_days_28d_count,

        ---------- booleans
        usage_days.is_usage_known
    from usage_days
    inner join usage_measures
        on
            usage_days.account_id = usage_measures.account_id
            and usage_days.as_of_date = usage_measures.as_of_date
    inner join adoption_measures
        on
            usage_days.account_id = adoption_measures.account_id
            and usage_days.as_of_date = adoption_measures.as_of_date
)

select * from final
