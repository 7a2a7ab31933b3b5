-- Usage of a team (workspace) in a week from Monday to Sunday, from its first week of use to the week of the clock.
-- Grain: one row an account_id, workspace_id and week_start_date, dense; the workspace '' holds use outside any team.
with usage_facts as (
    select * from {{ ref('int_account_usage_facts') }}
),

days as (
    select
        calendar_date,
        cast({{ dbt.date_trunc('week', 'calendar_date') }} as date) as week_start_date
    from {{ ref('util_days') }}
),

product_feed_days as (
    select * from {{ ref('int_feed_health') }}
    where system = 'product'
),

teams as (
    select * from {{ ref('stg_product__groups') }}
    where group_type = 'workspace'
),

weeks as (
    select
        days.week_start_date,
        count(*) filter (where product_feed_days.is_counted) as known_days_count,
        {{ dbt.datediff('days.week_start_date', 'max(days.calendar_date)', 'day') }} = 6 as is_complete
    from days
    left join product_feed_days
        on days.calendar_date = product_feed_days.as_of_date
    group by days.week_start_date
),

used_weeks as (
    select
        account_id,
        workspace_id,
        cast({{ dbt.date_trunc('week', 'as_of_date') }} as date) as week_start_date,
        count(distinct nullif(product_user_id, '')) as active_users_count,
        count(distinct nullif(feature_id, 'unknown')) as active_features_count,
        count(distinct nullif(use_case_id, '')) as active_use_cases_count,
        sum(events_count) as events_count,
        sum(credits) as credits
    from usage_facts
    group by account_id, workspace_id, cast({{ dbt.date_trunc('week', 'as_of_date') }} as date)
),

first_weeks as (
    select
        account_id,
        workspace_id,
        min(week_start_date) as first_week_start_date
    from used_weeks
    group by account_id, workspace_id
),

final as (
    select
        ---------- keys
        first_weeks.account_id,
        first_weeks.workspace_id,
        weeks.week_start_date,

        ---------- strings
        teams.group_name as team_name,

        ---------- numbers
        {%- for measure in ['active_users', 'active_features', 'active_use_cases', 'events'] %}
        cast(coalesce(used_weeks.{{ measure }}_count, 0) as bigint) as {{ measure }}_count,
        {%- endfor %}
        cast(coalesce(used_weeks.credits, 0) as decimal(24, 6)) as credits,
        weeks.known_days_count,

        ---------- booleans
        weeks.is_complete
    from first_weeks
    inner join weeks
        on first_weeks.first_week_start_date <= weeks.week_start_date
    left join used_weeks
        on
            first_weeks.account_id = used_weeks.account_id
            and first_weeks.workspace_id = used_weeks.workspace_id
            and weeks.week_start_date = used_weeks.week_start_date
    left join teams
        on first_weeks.workspace_id = teams.product_group_id
)

select * from final
