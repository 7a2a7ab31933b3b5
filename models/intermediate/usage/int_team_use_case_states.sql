-- How far a team has taken each use case at the clock: the first rule that holds.
-- Grain: one row an account_id, workspace_id and use_case_id, dense.
with measures as (
    select * from {{ ref('int_team_use_case_measures') }}
),

rules as (
    select * from {{ ref('use_case_adoption_rules') }}
),

final as (
    select
        measures.account_id,
        measures.workspace_id,
        measures.use_case_id,
        min_by(rules.adoption_state, rules.evaluation_order) as adoption_state,
        min_by(rules.is_adopted, rules.evaluation_order) as is_adopted
    from measures
    inner join rules
        on {{ adoption_rule_holds() }}
    group by measures.account_id, measures.workspace_id, measures.use_case_id
)

select * from final
