-- Usage of a team (workspace) in a calendar month, from its first month of use to the month of the clock.
-- Grain: one row an account_id, workspace_id and month_start_date, dense; the workspace '' holds use outside any team.
with usage_facts as (
    select * from {{ ref('int_account_usage_facts') }}
),

days as (
    select * from {{ ref('util_days') }}
),

product_feed_days as (
    select * from {{ ref('int_feed_health') }}
    where system = 'product'
),

teams as (
    select * from {{ ref('stg_product__groups') }}
    where group_type = 'workspace'
),

months as (
    select
        days.month_start_date,
        {{ dbt.datediff(
            'days.month_start_date', dbt.last_day('days.month_start_date', 'month'), 'day'
        ) }} + 1 as days_count,
        count(*) filter (where product_feed_days.is_counted) as known_days_count,
        max(days.calendar_date) = {{ dbt.last_day('days.month_start_date', 'month') }}
            as is_complete
    from days
    left join product_feed_days
        on days.calendar_date = product_feed_days.as_of_date
    group by days.month_start_date
),

used_months as (
    select
        account_id,
        workspace_id,
        cast({{ dbt.date_trunc('month', 'as_of_date') }} as date) as month_start_date,
        count(distinct nullif(product_user_id, '')) as active_users_count,
        count(distinct nullif(feature_id, 'unknown')) as active_features_count,
        sum(events_count) as events_count,
        sum(credits) as credits
    from usage_facts
    group by
        account_id,
        workspace_id,
        cast({{ dbt.date_trunc('month', 'as_of_date') }} as date)
),

first_months as (
    select
        account_id,
        workspace_id,
        min(month_start_date) as first_month_start_date
    from used_months
    group by account_id, workspace_id
),

final as (
    select
        ---------- keys
        first_months.account_id,
        first_months.workspace_id,
        months.month_start_date,

        ---------- strings
        teams.group_name as team_name,

        ---------- numbers
        cast(coalesce(used_months.active_users_count, 0) as bigint) as active_users_count,
        cast(coalesce(used_months.active_features_count, 0) as bigint) as active_features_count,
        cast(coalesce(used_months.events_count, 0) as bigint) as events_count,
        cast(coalesce(used_months.credits, 0) as decimal(24, 6)) as credits,
        months.days_count,
        months.known_days_count,

        ---------- booleans
        months.is_complete
    from first_months
    inner join months
        on first_months.first_month_start_date <= months.month_start_date
    left join used_months
        on
            first_months.account_id = used_months.account_id
            and first_months.workspace_id = used_months.workspace_id
            and months.month_start_date = used_months.month_start_date
    left join teams
        on first_months.workspace_id = teams.product_group_id
)

select * from final
