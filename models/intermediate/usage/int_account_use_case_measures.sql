-- Use of every use case by every customer at the clock and at the end of every 28 days before it, from what happened up to
-- then; use cases never used have a row too. What compares two windows follows the rule of int_account_usage_measures.
-- Grain: one row an account_id, use_case_id and as_of_date, dense.
{%- set tolerance = var('known_days_tolerance_28d') %}
{%- set history = 'partition by account_windows.account_id, use_cases.use_case_id order by account_windows.as_of_date' %}

with clock as (
    select * from {{ ref('util_as_of') }}
),

account_windows as (
    select
        usage_windows.*,
        {{ floor_divide(
            dbt.datediff('usage_windows.as_of_date', 'clock.as_of_date', 'day'), 28
        ) }} as periods_ago
    from {{ ref('int_account_usage_windows') }} as usage_windows
    cross join clock
    where {{ dbt.datediff('usage_windows.as_of_date', 'clock.as_of_date', 'day') }} % 28 = 0
),

use_cases as (
    select * from {{ ref('use_cases') }}
),

periods as (
    select * from {{ ref('int_account_use_case_periods') }}
),

known_days as (
    select
        as_of_date,
        sum(case when is_counted then 1 else 0 end) over (
            order by as_of_date asc nulls last
            rows between unbounded preceding and current row
        ) as known_days_to_date_count
    from {{ ref('int_feed_health') }}
    where system = 'product'
),

used as (
    select
        account_windows.account_id,
        use_cases.use_case_id,
        account_windows.as_of_date,
        account_windows.periods_ago,
        account_windows.days_to_date_count,
        account_windows.known_days_28d_count,
        {%- for measure in ['active_weeks', 'events', 'users', 'champions', 'teams'] %}
        coalesce(periods.{{ measure }}_count, 0) as {{ measure }}_28d_count,
        {%- endfor %}
        coalesce(periods.credits, 0) as credits_28d,
        coalesce(lag(periods.active_weeks_count) over ({{ history }}), 0)
            as previous_active_weeks_28d_count,
        coalesce(lag(periods.credits) over ({{ history }}), 0) as previous_credits_28d,
        lag(account_windows.known_days_28d_count) over ({{ history }}) as previous_known_days_count,
        min(periods.first_used_date) over ({{ history }}) as first_used_date,
        min(periods.first_value_date) over ({{ history }}) as first_value_date,
        max(periods.last_used_date) over ({{ history }}) as last_used_date
    from account_windows
    cross join use_cases
    left join periods
        on
            account_windows.account_id = periods.account_id
            and use_cases.use_case_id = periods.use_case_id
            and account_windows.periods_ago = periods.periods_ago
),

final as (
    select
        ---------- keys
        used.account_id,
        used.use_case_id,
        used.as_of_date,

        ---------- numbers
        used.periods_ago,
        used.active_weeks_28d_count,
        used.previous_active_weeks_28d_count,
        used.events_28d_count,
        used.users_28d_count,
        used.champions_28d_count,
        used.teams_28d_count,
        used.credits_28d,
        used.previous_credits_28d,
        case
            when
                used.days_to_date_count >= 56
                and abs(used.known_days_28d_count - used.previous_known_days_count) <= {{ tolerance }}
                then {{ change_pct(
                    'cast(used.credits_28d as double) / nullif(used.known_days_28d_count, 0)',
                    'cast(used.previous_credits_28d as double)'
                    ' / nullif(used.previous_known_days_count, 0)',
                ) }}
        end as credits_change_28d_pct,
        cast(
            known_now.known_days_to_date_count - known_then.known_days_to_date_count as bigint
        ) as days_since_last_use,
        used.known_days_28d_count,

        ---------- booleans
        used.first_used_date is not null as is_used,

        ---------- dates
        used.first_used_date,
        used.first_value_date,
        used.last_used_date
    from used
    left join known_days as known_now
        on used.as_of_date = known_now.as_of_date
    left join known_days as known_then
        on used.last_used_date = known_then.as_of_date
)

select * from final
