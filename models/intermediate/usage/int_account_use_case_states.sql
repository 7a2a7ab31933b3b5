-- How far an account has taken each use case, at the clock and every 28 days before it: the first rule that holds.
-- Grain: one row an account_id, use_case_id and as_of_date, dense.
with measures as (
    select * from {{ ref('int_account_use_case_measures') }}
),

rules as (
    select * from {{ ref('use_case_adoption_rules') }}
),

final as (
    select
        measures.account_id,
        measures.use_case_id,
        measures.as_of_date,
        measures.periods_ago,
        min_by(rules.adoption_state, rules.evaluation_order) as adoption_state,
        min_by(rules.is_adopted, rules.evaluation_order) as is_adopted
    from measures
    inner join rules
        on {{ adoption_rule_holds() }}
    group by
        measures.account_id, measures.use_case_id, measures.as_of_date, measures.periods_ago
)

select * from final
