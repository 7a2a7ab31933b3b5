-- What every score is the sum of: each component, and the override where there is one, under the version that holds.
-- Grain: one row an account_id, as_of_date and component.
with contributions as (
    select * from {{ ref('int_health_contributions') }}
),

official_scores as (
    select * from {{ ref('int_account_health_scores') }}
    where is_official
),

parts as (
    select
        contributions.account_id,
        contributions.as_of_date,
        contributions.health_score_version,
        contributions.dimension,
        contributions.component,
        contributions.measure_value,
        contributions.points_micropoints,
        contributions.weight,
        contributions.contribution_micropoints,
        contributions.lost_micropoints
    from contributions
    inner join official_scores
        on
            contributions.account_id = official_scores.account_id
            and contributions.as_of_date = official_scores.as_of_date
            and contributions.health_score_version = official_scores.health_score_version
    union all
    select
        account_id,
        as_of_date,
        health_score_version,
        'override' as dimension,
        'override' as component,
        null as measure_value,
        null as points_micropoints,
        0 as weight,
        override_micropoints as contribution_micropoints,
        0 as lost_micropoints
    from official_scores
    where override_reason is not null
),

final as (
    select
        account_id,
        as_of_date,
        health_score_version,
        dimension,
        component,
        measure_value,
        cast(points_micropoints * 0.000001 as decimal(9, 6)) as points,
        weight,
        contribution_micropoints,
        lost_micropoints
    from parts
)

select * from final
