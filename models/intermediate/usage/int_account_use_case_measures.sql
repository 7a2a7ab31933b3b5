-- Use of every use case by every customer at the clock; use cases never used have a row too. What compares the last
-- 28 days with the 28 before follows the rule of int_account_usage_measures.
-- Grain: one row an account_id and use_case_id, dense.
{%- set tolerance = var('known_days_tolerance_28d') %}

with account_windows as (
    select * from {{ ref('int_account_usage_windows') }}
    where as_of_date = {{ as_of_date() }}
),

previous_windows as (
    select * from {{ ref('int_account_usage_windows') }}
    where as_of_date = cast({{ dbt.dateadd('day', -28, as_of_date()) }} as date)
),

use_cases as (
    select * from {{ ref('use_cases') }}
),

activity as (
    select * from {{ ref('int_account_use_case_activity') }}
),

product_feed_days as (
    select * from {{ ref('int_feed_health') }}
    where system = 'product'
),

known_days as (
    select
        as_of_date,
        sum(case when is_counted then 1 else 0 end) over (
            order by as_of_date asc nulls last
            rows between unbounded preceding and current row
        ) as known_days_to_date_count
    from product_feed_days
),

final as (
    select
        ---------- keys
        account_windows.account_id,
        use_cases.use_case_id,

        ---------- numbers
        coalesce(activity.active_weeks_28d_count, 0) as active_weeks_28d_count,
        coalesce(activity.previous_active_weeks_28d_count, 0) as previous_active_weeks_28d_count,
        coalesce(activity.events_28d_count, 0) as events_28d_count,
        coalesce(activity.users_28d_count, 0) as users_28d_count,
        coalesce(activity.teams_28d_count, 0) as teams_28d_count,
        coalesce(activity.credits_28d, 0) as credits_28d,
        coalesce(activity.previous_credits_28d, 0) as previous_credits_28d,
        case
            when
                account_windows.days_to_date_count >= 56
                and abs(
                    account_windows.known_days_28d_count - previous_windows.known_days_28d_count
                ) <= {{ tolerance }}
                then {{ change_pct(
                    'cast(activity.credits_28d as double) / nullif(account_windows.known_days_28d_count, 0)',
                    'cast(activity.previous_credits_28d as double)'
                    ' / nullif(previous_windows.known_days_28d_count, 0)',
                ) }}
        end as credits_change_28d_pct,
        cast(
            known_now.known_days_to_date_count - known_then.known_days_to_date_count as bigint
        ) as days_since_last_use,
        account_windows.known_days_28d_count,

        ---------- booleans
        activity.first_used_date is not null as is_used,

        ---------- dates
        activity.first_used_date,
        activity.last_used_date,
        account_windows.as_of_date
    from account_windows
    cross join use_cases
    left join previous_windows
        on account_windows.account_id = previous_windows.account_id
    left join activity
        on
            account_windows.account_id = activity.account_id
            and use_cases.use_case_id = activity.use_case_id
    left join known_days as known_now
        on account_windows.as_of_date = known_now.as_of_date
    left join known_days as known_then
        on activity.last_used_date = known_then.as_of_date
)

select * from final
