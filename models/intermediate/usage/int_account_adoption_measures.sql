-- How widely and how deeply an account uses the product over the trailing 28 days.
-- Grain: one row an account_id and as_of_date, dense.
with usage_windows as (
    select * from {{ ref('int_account_usage_windows') }}
),

rolling_actives as (
    select * from {{ ref('int_account_rolling_actives') }}
),

seat_days as (
    select * from {{ ref('int_account_seat_days') }}
),

known_actives as (
    select
        usage_windows.*,
        {%- for entities in ['users', 'use_cases', 'features', 'teams'] %}
        case
            when usage_windows.known_days_28d_count > 0
                then rolling_actives.active_{{ entities }}_28d_count
        end as active_{{ entities }}_28d_count,
        {%- endfor %}
        -- Before, first sight may only be the beginning of the data or of the account.
        case
            when usage_windows.days_to_date_count >= 118 and usage_windows.known_days_90d_count > 0
                then rolling_actives.use_cases_added_90d_count
        end as use_cases_added_90d_count
    from usage_windows
    inner join rolling_actives
        on
            usage_windows.account_id = rolling_actives.account_id
            and usage_windows.as_of_date = rolling_actives.as_of_date
),

final as (
    select
        ---------- keys
        known_actives.account_id,
        known_actives.as_of_date,

        ---------- numbers
        known_actives.active_use_cases_28d_count,
        known_actives.active_features_28d_count,
        known_actives.active_teams_28d_count,
        -- Mean daily users over known days, as a share of the users of the window.
        cast(known_actives.user_days_28d_count as double)
        / nullif(known_actives.known_days_28d_count, 0)
        / nullif(known_actives.active_users_28d_count, 0) as stickiness_28d_ratio,
        seat_days.seats_count,
        cast(known_actives.active_users_28d_count as double)
        / nullif(seat_days.seats_count, 0) as seat_utilization_ratio,
        known_actives.days_since_key_action,
        cast(known_actives.key_actions_28d_count as double)
        / nullif(known_actives.active_users_28d_count, 0) as key_actions_per_user_28d,
        known_actives.use_cases_added_90d_count,
        known_actives.known_days_28d_count
    from known_actives
    inner join seat_days
        on
            known_actives.account_id = seat_days.account_id
            and known_actives.as_of_date = seat_days.as_of_date
)

select * from final
