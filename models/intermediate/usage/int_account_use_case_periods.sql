-- What an account did in each use case in periods of 28 days that end at the clock; a champion is a user who is in it on many days.
-- Grain: one row an account_id, use_case_id and periods_ago with use on a known day.
with user_periods as (
    select * from {{ ref('int_user_use_case_periods') }}
),

-- A user of two teams is one user of the account.
user_days as (
    select
        account_id,
        use_case_id,
        product_user_id,
        periods_ago,
        max(used_days_count) as used_days_count
    from user_periods
    where product_user_id <> ''
    group by account_id, use_case_id, product_user_id, periods_ago
),

people as (
    select
        account_id,
        use_case_id,
        periods_ago,
        count(*) as users_count,
        count(*) filter (where used_days_count >= {{ var('champion_days') }}) as champions_count
    from user_days
    group by account_id, use_case_id, periods_ago
),

used as (
    select
        account_id,
        use_case_id,
        periods_ago,
        count(distinct nullif(workspace_id, '')) as teams_count,
        {% for week in range(4) %}{{ '+ ' if week }}max(week_{{ week }}_used){% endfor %}
            as active_weeks_count,
        sum(events_count) as events_count,
        sum(key_actions_count) as key_actions_count,
        sum(credits) as credits,
        min(first_used_date) as first_used_date,
        max(last_used_date) as last_used_date,
        min(first_value_date) as first_value_date
    from user_periods
    group by account_id, use_case_id, periods_ago
),

final as (
    select
        used.account_id,
        used.use_case_id,
        used.periods_ago,
        coalesce(people.users_count, 0) as users_count,
        coalesce(people.champions_count, 0) as champions_count,
        used.teams_count,
        cast(used.active_weeks_count as bigint) as active_weeks_count,
        cast(used.events_count as bigint) as events_count,
        cast(used.key_actions_count as bigint) as key_actions_count,
        cast(used.credits as decimal(24, 6)) as credits,
        used.first_used_date,
        used.last_used_date,
        used.first_value_date
    from used
    left join people
        on
            used.account_id = people.account_id
            and used.use_case_id = people.use_case_id
            and used.periods_ago = people.periods_ago
)

select * from final
