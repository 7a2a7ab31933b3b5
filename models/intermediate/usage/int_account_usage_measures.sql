-- Consumption and users of an account over trailing windows, against the windows before.
-- Two windows are compared by their mean over known days, and only if both lie wholly within the account's days and
-- their known days differ by no more than a tolerance; else the change is null.
-- Grain: one row an account_id and as_of_date, dense.
{%- set tolerance_7d = var('known_days_tolerance_7d') %}
{%- set tolerance_28d = var('known_days_tolerance_28d') %}
{%- set peak_days = var('consumption_peak_days') %}

with usage_windows as (
    select * from {{ ref('int_account_usage_windows') }}
),

rolling_actives as (
    select * from {{ ref('int_account_rolling_actives') }}
),

joined as (
    select
        usage_windows.*,
        case when usage_windows.known_days_7d_count > 0 then rolling_actives.active_users_7d_count end
            as active_users_7d_count,
        case when usage_windows.known_days_28d_count > 0 then rolling_actives.active_users_28d_count end
            as active_users_28d_count,
        case when usage_windows.known_days_90d_count > 0 then rolling_actives.active_users_90d_count end
            as active_users_90d_count,
        cast(usage_windows.consumption_credits_7d as double)
        / nullif(usage_windows.known_days_7d_count, 0) as mean_credits_7d,
        cast(usage_windows.consumption_credits_28d as double)
        / nullif(usage_windows.known_days_28d_count, 0) as mean_credits_28d,
        -- A window with too many unknown days says nothing about a level; a young account's is as long as its life.
        case
            when
                least(usage_windows.days_to_date_count, 28) - usage_windows.known_days_28d_count
                <= {{ tolerance_28d }}
                then
                    cast(usage_windows.consumption_credits_28d as double)
                    * least(usage_windows.days_to_date_count, 28)
                    / nullif(usage_windows.known_days_28d_count, 0)
        end as level_credits_28d
    from usage_windows
    inner join rolling_actives
        on
            usage_windows.account_id = rolling_actives.account_id
            and usage_windows.as_of_date = rolling_actives.as_of_date
),

lagged_windows as (
    select
        *,
        {{ lagged('mean_credits_7d', 7) }} as previous_mean_credits_7d,
        {{ lagged('known_days_7d_count', 7) }} as previous_known_days_7d_count,
        {{ lagged('mean_credits_28d', 28) }} as previous_mean_credits_28d,
        {{ lagged('known_days_28d_count', 28) }} as previous_known_days_28d_count,
        {{ lagged('active_users_28d_count', 28) }} as previous_active_users_28d_count,
        {{ lagged('mean_credits_28d', 180) }} as mean_credits_28d_180_days_before,
        {{ lagged('known_days_28d_count', 180) }} as known_days_28d_180_days_before_count,
        max(level_credits_28d) over {{ trailing_frame(peak_days) }} as peak_credits_28d
    from joined
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
        case
            when
                days_to_date_count >= 14
                and abs(known_days_7d_count - previous_known_days_7d_count) <= {{ tolerance_7d }}
                then {{ change_pct('mean_credits_7d', 'previous_mean_credits_7d') }}
        end as consumption_change_7d_pct,
        case
            when
                days_to_date_count >= 56
                and abs(known_days_28d_count - previous_known_days_28d_count) <= {{ tolerance_28d }}
                then {{ change_pct('mean_credits_28d', 'previous_mean_credits_28d') }}
        end as consumption_change_28d_pct,
        case
            when
                days_to_date_count >= 208
                and abs(known_days_28d_count - known_days_28d_180_days_before_count) <= {{ tolerance_28d }}
                then {{ change_pct('mean_credits_28d', 'mean_credits_28d_180_days_before') }}
        end as consumption_change_180d_pct,
        level_credits_28d / nullif(peak_credits_28d, 0) as consumption_peak_ratio,
        active_users_7d_count,
        active_users_28d_count,
        active_users_90d_count,
        case
            when
                days_to_date_count >= 56
                and abs(known_days_28d_count - previous_known_days_28d_count) <= {{ tolerance_28d }}
                then {{ change_pct('active_users_28d_count', 'previous_active_users_28d_count') }}
        end as active_users_change_28d_pct,
        days_since_last_use,
        known_days_7d_count,
        known_days_28d_count,
        known_days_90d_count
    from lagged_windows
)

select * from final
