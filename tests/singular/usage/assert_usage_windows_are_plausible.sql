-- Detects measures out of their range: negative or shrinking-window counts, ratios outside 0-1, a window that knows more
-- days than it has.
select
    account_id,
    as_of_date,
    active_users_7d_count,
    active_users_28d_count,
    active_users_90d_count,
    stickiness_28d_ratio,
    consumption_peak_ratio,
    known_days_28d_count
from {{ ref('account_usage_daily') }}
where
    active_users_7d_count < active_users_count
    or active_users_28d_count < active_users_7d_count
    or active_users_90d_count < active_users_28d_count
    or consumption_credits_28d < consumption_credits_7d
    or active_users_7d_count < 0
    or stickiness_28d_ratio not between 0 and 1
    or consumption_peak_ratio not between 0 and 1
    or days_since_last_use < 0
    or known_days_28d_count > 28
