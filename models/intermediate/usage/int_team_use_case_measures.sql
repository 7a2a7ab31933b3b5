-- Use of every use case by every team at the clock; use cases that the team never used have a row too. Which days are known
-- is the same for all teams of an account. Grain: one row an account_id, workspace_id and use_case_id, dense.
{%- set tolerance = var('known_days_tolerance_28d') %}

with activity as (
    select * from {{ ref('int_team_use_case_activity') }}
),

account_measures as (
    select
        *,
        lag(known_days_28d_count) over (
            partition by account_id, use_case_id order by as_of_date
        ) as previous_known_days_count
    from {{ ref('int_account_use_case_measures') }}
),

known_days as (
    select
        as_of_date,
        sum(case when is_counted then 1 else 0 end) over (
            order by as_of_date desc nulls last
            rows between unbounded preceding and current row
        ) - case when is_counted then 1 else 0 end as known_days_since_count
    from {{ ref('int_feed_health') }}
    where system = 'product'
),

workspaces as (
    select * from {{ ref('stg_product__groups') }}
    where group_type = 'workspace'
),

teams as (
    select distinct
        account_id,
        workspace_id,
        team_first_used_date
    from activity
),

final as (
    select
        ---------- keys
        teams.account_id,
        teams.workspace_id,
        account_measures.use_case_id,

        ---------- strings
        workspaces.group_name as team_name,

        ---------- numbers
        {%- for measure in [
            'active_weeks_28d_count', 'previous_active_weeks_28d_count', 'events_28d_count',
            'users_28d_count', 'champions_28d_count', 'credits_28d', 'previous_credits_28d',
        ] %}
        coalesce(activity.{{ measure }}, 0) as {{ measure }},
        {%- endfor %}
        case
            when
                {{ dbt.datediff('teams.team_first_used_date', 'account_measures.as_of_date', 'day') }} >= 55
                and abs(
                    account_measures.known_days_28d_count - account_measures.previous_known_days_count
                ) <= {{ tolerance }}
                then {{ change_pct(
                    'cast(activity.credits_28d as double) / nullif(account_measures.known_days_28d_count, 0)',
                    'cast(activity.previous_credits_28d as double)'
                    ' / nullif(account_measures.previous_known_days_count, 0)',
                ) }}
        end as credits_change_28d_pct,
        cast(known_days.known_days_since_count as bigint) as days_since_last_use,

        ---------- booleans
        activity.first_used_date is not null as is_used,

        ---------- dates
        activity.first_used_date,
        activity.first_value_date,
        activity.last_used_date,
        account_measures.as_of_date
    from teams
    inner join account_measures
        on
            teams.account_id = account_measures.account_id
            and account_measures.periods_ago = 0
    left join activity
        on
            teams.account_id = activity.account_id
            and teams.workspace_id = activity.workspace_id
            and account_measures.use_case_id = activity.use_case_id
    left join workspaces
        on teams.workspace_id = workspaces.product_group_id
    left join known_days
        on activity.last_used_date = known_days.as_of_date
)

select * from final
