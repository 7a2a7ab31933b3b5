-- What each component adds to the score: its points times its weight, with the weights of missing components shared
-- out over those that are there. Whole micro-points, so that a score is exactly the sum of its contributions.
-- Grain: one row an account_id, as_of_date and component that has a measure.
with points as (
    select * from {{ ref('int_health_points') }}
),

weighed as (
    select
        *,
        sum(weight) over (partition by account_id, as_of_date) as present_weight
    from points
),

final as (
    select
        account_id,
        as_of_date,
        health_score_version,
        dimension,
        component,
        measure_value,
        weight,
        cast(present_weight as bigint) as present_weight,
        points_micropoints,
        cast(
            floor(cast(points_micropoints * weight as double) / nullif(present_weight, 0)) as bigint
        ) as contribution_micropoints,
        cast(
            floor(
                cast((100000000 - points_micropoints) * weight as double)
                / nullif(present_weight, 0)
            ) as bigint
        ) as lost_micropoints
    from weighed
)

select * from final
