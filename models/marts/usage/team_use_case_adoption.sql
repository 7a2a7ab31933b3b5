-- Which team of an account has not started, tries, has adopted, uses more or less or has abandoned which use case, by the
-- same rules as the account as a whole; since when it has value from it, and how many champions it has there.
-- Grain: one row an account_id, workspace_id and use_case_id: every team that ever used anything with every use case.
with measures as (
    select * from {{ ref('int_team_use_case_measures') }}
),

states as (
    select * from {{ ref('int_team_use_case_states') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

use_cases as (
    select * from {{ ref('use_cases') }}
),

final as (
    select
        ---------- keys
        measures.account_id,
        measures.workspace_id,
        measures.use_case_id,

        ---------- strings
        accounts.account_name,
        measures.team_name,
        use_cases.use_case_name,
        states.adoption_state,

        ---------- numbers
        measures.active_weeks_28d_count,
        measures.events_28d_count,
        measures.users_28d_count,
        measures.champions_28d_count,
        measures.credits_28d,
        measures.previous_credits_28d,
        measures.credits_change_28d_pct,
        measures.days_since_last_use,

        ---------- dates
        measures.first_used_date,
        measures.first_value_date,
        measures.last_used_date,
        measures.as_of_date
    from measures
    inner join accounts
        on measures.account_id = accounts.account_id
    inner join use_cases
        on measures.use_case_id = use_cases.use_case_id
    left join states
        on
            measures.account_id = states.account_id
            and measures.workspace_id = states.workspace_id
            and measures.use_case_id = states.use_case_id
)

select * from final
