-- Which use cases an account has not started, tries, has adopted, uses more or less or has abandoned, by seeded thresholds.
-- Grain: one row an account_id and use_case_id: every customer with every use case.
with measures as (
    select * from {{ ref('int_account_use_case_measures') }}
    where periods_ago = 0
),

states as (
    select * from {{ ref('int_account_use_case_states') }}
    where periods_ago = 0
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
        measures.use_case_id,

        ---------- strings
        accounts.account_name,
        use_cases.use_case_name,
        states.adoption_state,

        ---------- numbers
        measures.active_weeks_28d_count,
        measures.events_28d_count,
        measures.users_28d_count,
        measures.champions_28d_count,
        measures.teams_28d_count,
        measures.credits_28d,
        measures.previous_credits_28d,
        measures.credits_change_28d_pct,
        measures.days_since_last_use,
        measures.known_days_28d_count,

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
            and measures.use_case_id = states.use_case_id
)

select * from final
