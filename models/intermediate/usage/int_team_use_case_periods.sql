-- What a team did in each use case in periods of 28 days that end at the clock; a champion is a user who is in it on many days.
-- Grain: one row an account_id, workspace_id, use_case_id and periods_ago with use on a known day.
with user_periods as (
    select * from {{ ref('int_user_use_case_periods') }}
),

final as (
    select
        account_id,
        workspace_id,
        use_case_id,
        periods_ago,
        count(*) filter (where product_user_id <> '') as users_count,
        count(*) filter (
            where product_user_id <> '' and used_days_count >= {{ var('champion_days') }}
        ) as champions_count,
        cast(
            {% for week in range(4) %}{{ '+ ' if week }}max(week_{{ week }}_used){% endfor %}
            as bigint
        ) as active_weeks_count,
        cast(sum(events_count) as bigint) as events_count,
        cast(sum(key_actions_count) as bigint) as key_actions_count,
        cast(sum(credits) as decimal(24, 6)) as credits,
        min(first_used_date) as first_used_date,
        max(last_used_date) as last_used_date,
        min(first_value_date) as first_value_date
    from user_periods
    group by account_id, workspace_id, use_case_id, periods_ago
)

select * from final
