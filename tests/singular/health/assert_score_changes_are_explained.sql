-- Between any two readings the effects must add up to the change of the score, residual 0, and a comparison of versions on
-- one day must hold nothing but the formula: a behaviour change and a formula change can never be confused.
with explained as (
    select
        account_id,
        from_date,
        from_version,
        to_date,
        to_version,
        sum(
            input_effect_micropoints + coverage_effect_micropoints
            + configuration_effect_micropoints + override_effect_micropoints
        ) as effects_micropoints,
        sum(abs(input_effect_micropoints) + abs(coverage_effect_micropoints))
            as behaviour_micropoints
    from {{ ref('int_health_changes') }}
    group by account_id, from_date, from_version, to_date, to_version
)

select
    pairs.account_id,
    pairs.from_date,
    pairs.from_version,
    pairs.to_date,
    pairs.to_version,
    explained.effects_micropoints,
    explained.behaviour_micropoints
from {{ ref('int_health_change_pairs') }} as pairs
inner join {{ ref('int_account_health_scores') }} as first_scores
    on
        pairs.account_id = first_scores.account_id
        and pairs.from_date = first_scores.as_of_date
        and pairs.from_version = first_scores.health_score_version
inner join {{ ref('int_account_health_scores') }} as second_scores
    on
        pairs.account_id = second_scores.account_id
        and pairs.to_date = second_scores.as_of_date
        and pairs.to_version = second_scores.health_score_version
left join explained
    on
        pairs.account_id = explained.account_id
        and pairs.from_date = explained.from_date
        and pairs.from_version = explained.from_version
        and pairs.to_date = explained.to_date
        and pairs.to_version = explained.to_version
where
    coalesce(explained.effects_micropoints, 0)
    <> second_scores.computed_micropoints + second_scores.override_micropoints
    - first_scores.computed_micropoints - first_scores.override_micropoints
    or (pairs.from_date = pairs.to_date and explained.behaviour_micropoints <> 0)
