-- Which teams of an account grow, stall or die: usage of each team (workspace) by calendar month.
-- Grain: one row an account_id, workspace_id and month_start_date, without gaps from the team's first month of use.
{%- set tolerance = var('known_days_tolerance_28d') %}

with team_months as (
    select * from {{ ref('int_team_usage_months') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

-- Whole months are compared with whole months only.
compared as (
    select
        *,
        is_complete and days_count - known_days_count <= {{ tolerance }} as is_comparable,
        lag(credits) over (
            partition by account_id, workspace_id order by month_start_date asc nulls last
        ) as previous_credits,
        lag(active_users_count) over (
            partition by account_id, workspace_id order by month_start_date asc nulls last
        ) as previous_active_users_count,
        lag(days_count - known_days_count <= {{ tolerance }}, 1, false) over (
            partition by account_id, workspace_id order by month_start_date asc nulls last
        ) as is_previous_comparable
    from team_months
),

final as (
    select
        ---------- keys
        compared.account_id,
        compared.workspace_id,
        compared.month_start_date,

        ---------- strings
        accounts.account_name,
        compared.team_name,

        ---------- numbers
        compared.active_users_count,
        compared.active_features_count,
        compared.events_count,
        compared.credits,
        compared.previous_active_users_count,
        compared.previous_credits,
        case
            when compared.is_comparable and compared.is_previous_comparable
                then compared.active_users_count - compared.previous_active_users_count
        end as active_users_change,
        case
            when compared.is_comparable and compared.is_previous_comparable
                then cast(compared.credits - compared.previous_credits as decimal(24, 6))
        end as credits_change,
        case
            when compared.is_comparable and compared.is_previous_comparable
                then {{ change_pct('compared.credits', 'compared.previous_credits') }}
        end as credits_change_pct,
        compared.known_days_count,

        ---------- booleans
        compared.is_complete as is_month_complete
    from compared
    inner join accounts
        on compared.account_id = accounts.account_id
)

select * from final
