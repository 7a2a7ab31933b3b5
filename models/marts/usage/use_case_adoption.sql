-- Which use cases an account has not started, tries, has adopted, uses less or has abandoned, by seeded thresholds.
-- Grain: one row an account_id and use_case_id: every customer with every use case.
with measures as (
    select * from {{ ref('int_account_use_case_measures') }}
),

rules as (
    select * from {{ ref('use_case_adoption_rules') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

use_cases as (
    select * from {{ ref('use_cases') }}
),

-- A threshold that a rule leaves empty always holds; a measure that is null never reaches a threshold.
matched as (
    select
        measures.account_id,
        measures.use_case_id,
        rules.adoption_state,
        row_number() over (
            partition by measures.account_id, measures.use_case_id
            order by rules.evaluation_order asc nulls last
        ) as match_rank
    from measures
    inner join rules
        on
            (rules.is_used is null or measures.is_used = rules.is_used)
            and (
                rules.min_days_since_last_use is null
                or measures.days_since_last_use >= rules.min_days_since_last_use
            )
            and (
                rules.min_active_weeks_28d_count is null
                or measures.active_weeks_28d_count >= rules.min_active_weeks_28d_count
            )
            and (
                rules.min_previous_active_weeks_28d_count is null
                or measures.previous_active_weeks_28d_count
                >= rules.min_previous_active_weeks_28d_count
            )
            and (
                rules.min_users_28d_count is null
                or measures.users_28d_count >= rules.min_users_28d_count
            )
            and (
                rules.max_credits_change_28d_pct is null
                or measures.credits_change_28d_pct <= rules.max_credits_change_28d_pct
            )
),

final as (
    select
        ---------- keys
        measures.account_id,
        measures.use_case_id,

        ---------- strings
        accounts.account_name,
        use_cases.use_case_name,
        matched.adoption_state,

        ---------- numbers
        measures.active_weeks_28d_count,
        measures.events_28d_count,
        measures.users_28d_count,
        measures.teams_28d_count,
        measures.credits_28d,
        measures.previous_credits_28d,
        measures.credits_change_28d_pct,
        measures.days_since_last_use,
        measures.known_days_28d_count,

        ---------- dates
        measures.first_used_date,
        measures.last_used_date,
        measures.as_of_date
    from measures
    inner join accounts
        on measures.account_id = accounts.account_id
    inner join use_cases
        on measures.use_case_id = use_cases.use_case_id
    left join matched
        on
            measures.account_id = matched.account_id
            and measures.use_case_id = matched.use_case_id
            and matched.match_rank = 1
)

select * from final
