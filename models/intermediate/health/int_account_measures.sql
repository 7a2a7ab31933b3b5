-- Every measure that scores, segments and signals may use, side by side; null where it is not known.
-- Grain: one row an account_id and as_of_date.
with account_days as (
    select * from {{ ref('int_account_days') }}
),

usage_measures as (
    select * from {{ ref('int_account_usage_measures') }}
),

adoption_measures as (
    select * from {{ ref('int_account_adoption_measures') }}
),

commercial_measures as (
    select * from {{ ref('int_account_commercial_measures') }}
),

support_measures as (
    select * from {{ ref('int_account_support_measures') }}
),

relationship_measures as (
    select * from {{ ref('int_account_relationship_measures') }}
),

joined as (
    select
        account_days.account_id,
        account_days.as_of_date,
        account_days.account_age_days,
        usage_measures.consumption_change_7d_pct,
        usage_measures.consumption_change_28d_pct,
        usage_measures.consumption_change_180d_pct,
        usage_measures.consumption_peak_ratio,
        usage_measures.active_users_change_28d_pct,
        usage_measures.days_since_last_use,
        adoption_measures.active_use_cases_28d_count,
        adoption_measures.active_features_28d_count,
        adoption_measures.active_teams_28d_count,
        adoption_measures.stickiness_28d_ratio,
        adoption_measures.seat_utilization_ratio,
        adoption_measures.days_since_key_action,
        adoption_measures.key_actions_per_user_28d,
        commercial_measures.monthly_revenue_usd,
        commercial_measures.days_past_due,
        commercial_measures.failed_payments_28d_count,
        commercial_measures.mrr_change_90d_pct,
        commercial_measures.commit_pace_ratio,
        commercial_measures.days_to_renewal,
        {{ dbt.datediff(
            'commercial_measures.subscription_ended_date', 'account_days.as_of_date', 'day'
        ) }} as days_since_subscription_end,
        support_measures.open_tickets_count,
        support_measures.urgent_open_tickets_count,
        support_measures.reopens_90d_count,
        support_measures.csat_90d_pct,
        support_measures.first_reply_ratio,
        relationship_measures.days_since_last_touch,
        relationship_measures.champions_left_90d_count
    from account_days
    left join usage_measures
        on
            account_days.account_id = usage_measures.account_id
            and account_days.as_of_date = usage_measures.as_of_date
    left join adoption_measures
        on
            account_days.account_id = adoption_measures.account_id
            and account_days.as_of_date = adoption_measures.as_of_date
    left join commercial_measures
        on
            account_days.account_id = commercial_measures.account_id
            and account_days.as_of_date = commercial_measures.as_of_date
    left join support_measures
        on
            account_days.account_id = support_measures.account_id
            and account_days.as_of_date = support_measures.as_of_date
    left join relationship_measures
        on
            account_days.account_id = relationship_measures.account_id
            and account_days.as_of_date = relationship_measures.as_of_date
)

select * from joined
