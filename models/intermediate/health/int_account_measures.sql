-- Every measure that scores, segments and signals may use, side by side; null where it is not known. A day that a broken
-- feed holds shows the measures of the last day that could be trusted: none for an account that was not there on it, and
-- none at all once they are withheld. Revenue is no measure of a score: a withheld day shows what is known of it.
-- Grain: one row an account_id and as_of_date.
with account_days as (
    select * from {{ ref('int_account_days') }}
),

score_days as (
    select * from {{ ref('int_score_days') }}
),

{% for concept in ['usage', 'adoption', 'commercial', 'support', 'relationship'] -%}
{{ concept }}_measures as (
    select * from {{ ref('int_account_' ~ concept ~ '_measures') }}
),

{% endfor -%}
shown_days as (
    select
        account_days.account_id,
        account_days.as_of_date,
        score_days.measured_on_date,
        coalesce(score_days.measured_on_date, account_days.as_of_date) as shown_date,
        account_days.account_age_days
        - {{ dbt.datediff(
            'coalesce(score_days.measured_on_date, account_days.as_of_date)',
            'account_days.as_of_date', 'day'
        ) }} as shown_age_days
    from account_days
    inner join score_days
        on account_days.as_of_date = score_days.as_of_date
),

joined as (
    select
        shown_days.account_id,
        shown_days.as_of_date,
        shown_days.measured_on_date,
        case when shown_days.shown_age_days >= 0 then shown_days.shown_age_days end
            as account_age_days,
        usage_measures.known_days_7d_count,
        usage_measures.known_days_28d_count,
        usage_measures.known_days_90d_count,
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
            'commercial_measures.subscription_ended_date', 'shown_days.shown_date', 'day'
        ) }} as days_since_subscription_end,
        support_measures.open_tickets_count,
        support_measures.urgent_open_tickets_count,
        support_measures.reopens_90d_count,
        support_measures.csat_90d_pct,
        support_measures.first_reply_ratio,
        relationship_measures.days_since_last_touch,
        relationship_measures.champions_left_90d_count
    from shown_days
    left join usage_measures
        on
            shown_days.account_id = usage_measures.account_id
            and shown_days.shown_date = usage_measures.as_of_date
    left join adoption_measures
        on
            shown_days.account_id = adoption_measures.account_id
            and shown_days.shown_date = adoption_measures.as_of_date
    left join commercial_measures
        on
            shown_days.account_id = commercial_measures.account_id
            and shown_days.shown_date = commercial_measures.as_of_date
    left join support_measures
        on
            shown_days.account_id = support_measures.account_id
            and shown_days.shown_date = support_measures.as_of_date
    left join relationship_measures
        on
            shown_days.account_id = relationship_measures.account_id
            and shown_days.shown_date = relationship_measures.as_of_date
),

-- The joins of a withheld day go to the day itself, for its revenue; nothing else of it is shown.
final as (
    select
        account_id,
        as_of_date,
        {%- for measure in account_measures() %}
        case when measured_on_date is not null then {{ measure }} end as {{ measure }},
        {%- endfor %}
        monthly_revenue_usd,
        known_days_7d_count,
        known_days_28d_count,
        known_days_90d_count,
        measured_on_date
    from joined
)

select * from final
