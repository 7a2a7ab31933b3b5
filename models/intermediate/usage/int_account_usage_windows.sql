-- Trailing sums of usage over 7, 28 and 90 days, with the number of days in each window whose usage is known: unknown
-- days add nothing, and a window without any known day has no sum.
-- Grain: one row an account_id and as_of_date, dense.
with usage_days as (
    select * from {{ ref('int_account_usage_days') }}
),

summed as (
    select
        account_id,
        as_of_date,
        is_usage_known,
        events_count,
        key_actions_count,
        {%- for window_days in [7, 28, 90] %}
        cast(sum(credits) over {{ trailing_frame(window_days) }} as decimal(24, 6))
            as consumption_credits_{{ window_days }}d,
        cast(count(credits) over {{ trailing_frame(window_days) }} as bigint)
            as known_days_{{ window_days }}d_count,
        {%- endfor %}
        cast(sum(key_actions_count) over {{ trailing_frame(28) }} as bigint)
            as key_actions_28d_count,
        cast(sum(active_users_count) over {{ trailing_frame(28) }} as bigint)
            as user_days_28d_count,
        cast(count(*) over (
            partition by account_id order by as_of_date asc nulls last
            rows between unbounded preceding and current row
        ) as bigint) as days_to_date_count,
        cast(count(credits) over (
            partition by account_id order by as_of_date asc nulls last
            rows between unbounded preceding and current row
        ) as bigint) as known_days_to_date_count
    from usage_days
),

-- Known days so far, as they stood on the last day with use: the difference is the known days without use since.
last_uses as (
    select
        *,
        max(case when events_count > 0 then known_days_to_date_count end) over (
            partition by account_id order by as_of_date asc nulls last
            rows between unbounded preceding and current row
        ) as known_days_at_last_use_count,
        max(case when key_actions_count > 0 then known_days_to_date_count end) over (
            partition by account_id order by as_of_date asc nulls last
            rows between unbounded preceding and current row
        ) as known_days_at_key_action_count
    from summed
),

final as (
    select
        ---------- keys
        account_id,
        as_of_date,

        ---------- numbers
        consumption_credits_7d,
        consumption_credits_28d,
        consumption_credits_90d,
        key_actions_28d_count,
        user_days_28d_count,
        known_days_to_date_count - known_days_at_last_use_count as days_since_last_use,
        known_days_to_date_count - known_days_at_key_action_count as days_since_key_action,
        days_to_date_count,
        known_days_7d_count,
        known_days_28d_count,
        known_days_90d_count,

        ---------- booleans
        is_usage_known
    from last_uses
)

select * from final
