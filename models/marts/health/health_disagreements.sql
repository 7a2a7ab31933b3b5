-- Accounts of which the score and another view say different things: somebody should look, and one of both will learn.
-- Grain: one row an account_id and disagreement, as of the clock.
{%- set rule_measures = [
    'health_score', 'consumption_forecast_change_pct', 'mrr_change_90d_pct', 'renewal_probability_pct',
    'tickets_created_90d_count', 'monthly_revenue_usd', 'past_due_usd',
] %}

with account_measures as (
    select * from {{ ref('int_account_disagreement_measures') }}
),

rules as (
    select
        *,
        count(*) over (partition by disagreement, alternative) as rules_count
    from {{ ref('health_disagreement_rules') }}
),

score_days as (
    select * from {{ ref('int_score_days') }}
),

tested as (
    select
        account_measures.account_id,
        rules.disagreement,
        rules.alternative,
        rules.rules_count,
        rules.comparison,
        rules.threshold,
        case rules.measure
            {%- for measure in rule_measures %}
            when '{{ measure }}' then {{ measure_number('account_measures.' ~ measure) }}
            {%- endfor %}
        end as measure_value
    from account_measures
    cross join rules
),

fulfilled as (
    select
        account_id,
        disagreement,
        alternative
    from tested
    group by account_id, disagreement, alternative
    having
        count(*) filter (
            where {{ rule_holds('comparison', 'measure_value', 'threshold') }}
        ) = max(rules_count)
),

disagreements as (
    select
        account_id,
        disagreement,
        min(alternative) as alternative
    from fulfilled
    group by account_id, disagreement
),

final as (
    select
        disagreements.account_id,
        disagreements.disagreement,
        account_measures.renewal_stage,
        disagreements.alternative,
        cast(account_measures.health_score as decimal(5, 2)) as health_score,
        account_measures.consumption_forecast_change_pct,
        account_measures.mrr_change_90d_pct,
        account_measures.renewal_probability_pct,
        account_measures.tickets_created_90d_count,
        cast(account_measures.monthly_revenue_usd as decimal(18, 2)) as monthly_revenue_usd,
        cast(account_measures.past_due_usd as decimal(18, 2)) as past_due_usd,
        score_days.is_provisional,
        account_measures.as_of_date
    from disagreements
    inner join account_measures
        on disagreements.account_id = account_measures.account_id
    inner join score_days
        on account_measures.as_of_date = score_days.as_of_date
)

select * from final
