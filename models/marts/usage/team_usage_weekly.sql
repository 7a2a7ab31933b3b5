-- Which teams of an account grow, stall or die: usage of each team (workspace) by week, Monday to Sunday.
-- Grain: one row an account_id, workspace_id and week_start_date, without gaps from the team's first week of use.
{%- set tolerance = var('known_days_tolerance_7d') %}

with team_weeks as (
    select * from {{ ref('int_team_usage_weeks') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

-- Whole weeks are compared with whole weeks only.
compared as (
    select
        *,
        lag(credits) over (
            partition by account_id, workspace_id order by week_start_date
        ) as previous_credits,
        lag(active_users_count) over (
            partition by account_id, workspace_id order by week_start_date
        ) as previous_active_users_count,
        is_complete
        and 7 - known_days_count <= {{ tolerance }}
        and 7 - lag(known_days_count, 1, 0) over (
            partition by account_id, workspace_id order by week_start_date
        ) <= {{ tolerance }} as is_comparable
    from team_weeks
),

final as (
    select
        ---------- keys
        compared.account_id,
        compared.workspace_id,
        compared.week_start_date,

        ---------- strings
        accounts.account_name,
        compared.team_name,

        ---------- numbers
        compared.active_users_count,
        compared.active_features_count,
        compared.active_use_cases_count,
        compared.events_count,
        compared.credits,
        compared.previous_active_users_count,
        compared.previous_credits,
        case
            when compared.is_comparable
                then compared.active_users_count - compared.previous_active_users_count
        end as active_users_change,
        case
            when compared.is_comparable
                then {{ change_pct('compared.credits', 'compared.previous_credits') }}
        end as credits_change_pct,
        compared.known_days_count,

        ---------- booleans
        compared.is_complete as is_week_complete
    from compared
    inner join accounts
        on compared.account_id = accounts.account_id
)

select * from final
