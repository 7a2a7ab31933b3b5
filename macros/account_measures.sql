{% macro account_measures(concept=none) -%}
    {#- Columns of int_account_measures that curves and rules may name, or those of one model
        int_account_<concept>_measures; the seed health_measures describes each. -#}
    {%- set measures = {
        'account': ['account_age_days'],
        'usage': [
            'consumption_change_7d_pct',
            'consumption_change_28d_pct',
            'consumption_change_180d_pct',
            'consumption_peak_ratio',
            'active_users_change_28d_pct',
            'days_since_last_use',
        ],
        'trend': [
            'consumption_change_28d_seasonal_pct',
            'consumption_change_90d_pct',
            'consumption_change_364d_pct',
        ],
        'peer': ['consumption_peer_percentile'],
        'adoption': [
            'active_use_cases_28d_count',
            'active_features_28d_count',
            'active_teams_28d_count',
            'stickiness_28d_ratio',
            'seat_utilization_ratio',
            'days_since_key_action',
            'key_actions_per_user_28d',
            'use_cases_added_90d_count',
        ],
        'depth': ['time_to_value_days', 'regular_users_28d_ratio'],
        'commercial': [
            'past_due_usd',
            'days_past_due',
            'failed_payments_28d_count',
            'mrr_change_90d_pct',
            'days_since_mrr_decrease',
            'commit_pace_ratio',
            'days_to_renewal',
            'days_since_subscription_end',
        ],
        'support': [
            'open_tickets_count',
            'urgent_open_tickets_count',
            'tickets_created_90d_count',
            'reopens_90d_count',
            'escalations_90d_count',
            'csat_90d_pct',
            'first_reply_ratio',
            'resolution_ratio',
        ],
        'relationship': [
            'days_since_last_touch',
            'open_renewals_count',
            'champions_left_90d_count',
        ],
        'engagement': ['days_since_two_way_touch', 'active_stakeholders_28d_count'],
    } %}
    {%- for use_case_id in use_case_ids() %}
        {%- do measures['depth'].append(use_case_id ~ '_users_28d_ratio') %}
    {%- endfor %}
    {{ return(measures[concept] if concept else measures.values() | sum(start=[])) }}
{%- endmacro %}
