-- Use cases that look-alikes of an account take up and keep, and that it has not adopted, at the clock.
-- Grain: one row an account_id and use_case_id.
with scores as (
    select * from {{ ref('int_expansion_scores') }}
    where periods_ago = 0 and history_count >= {{ var('expansion_minimum_history') }}
),

accounts as (
    select * from {{ ref('int_expansion_accounts') }}
    where periods_ago = 0
),

sizes as (
    select * from {{ ref('int_expansion_sizes') }}
    where entity_type = 'account'
),

use_cases as (
    select * from {{ ref('use_cases') }}
),

final as (
    select
        scores.account_id,
        scores.use_case_id,
        accounts.plan,
        -- What was compared is named from the finest level that has enough look-alikes.
        concat(
            use_cases.use_case_name, ' (', replace(scores.adoption_state, '_', ' '), '): of ',
            cast(scores.look_alike_candidates_count as {{ dbt.type_string() }}),
            ' earlier cases alike in ',
            case scores.look_alike_level
                {%- for column in look_alike_levels() %}
                when {{ loop.index0 }}
                    then '{{ look_alike_levels()[: loop.index] | join(", ") | replace("_id", "") | replace("_", " ") }}'
                {%- endfor %}
            end,
            ', ', cast(scores.look_alike_adopted_count as {{ dbt.type_string() }}),
            ' had adopted it {{ var("expansion_horizon_days") }} days later'
        ) as evidence,
        scores.look_alike_candidates_count as look_alikes_count,
        scores.look_alike_adopted_count as look_alikes_adopted_count,
        scores.confidence_ratio,
        scores.popularity_ratio as measure_value,
        sizes.p25_monthly_usd,
        sizes.p50_monthly_usd,
        sizes.p75_monthly_usd
    from scores
    inner join accounts
        on scores.account_id = accounts.account_id
    inner join use_cases
        on scores.use_case_id = use_cases.use_case_id
    left join sizes
        on
            scores.use_case_id = sizes.use_case_id
            and accounts.plan = sizes.plan
            and accounts.size_tier = sizes.size_tier
)

select * from final
