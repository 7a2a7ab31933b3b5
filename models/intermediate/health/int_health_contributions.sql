-- What each component adds to the score: its points times its weight, with the weights of missing components shared out
-- over those that are there. Whole micro-points, so that a score is exactly the sum of its contributions.
-- Grain: one row an account_id, as_of_date, health_score_version and component that earns points.
with points as (
    select * from {{ ref('int_health_points') }}
),

present as (
    select * from {{ ref('int_health_present_components') }}
),

shares as (
    select * from {{ ref('int_health_weight_shares') }}
),

weighed as (
    select
        points.*,
        points.weight * shares.share_numerator as weight_numerator,
        shares.share_denominator as weight_denominator
    from points
    inner join present
        on
            points.account_id = present.account_id
            and points.as_of_date = present.as_of_date
            and points.health_score_version = present.health_score_version
    -- Every day of `present` has its shares. A left join, so that an engine does not multiply days by dimensions first
    -- and keep all of that to look points up in.
    left join shares
        on
            present.health_score_version = shares.health_score_version
            and present.present_bits = shares.present_bits
            and points.dimension = shares.dimension
),

final as (
    select
        account_id,
        as_of_date,
        health_score_version,
        dimension,
        component,
        curve_segment,
        curve_age_from_days,
        measure_value,
        weight,
        cast(weight_numerator as bigint) as weight_numerator,
        weight_denominator,
        points_micropoints,
        {{ floor_divide('points_micropoints * weight_numerator', 'weight_denominator') }}
            as contribution_micropoints,
        {{ floor_divide(
            '(100000000 - points_micropoints) * weight_numerator', 'weight_denominator'
        ) }} as lost_micropoints
    from weighed
)

select * from final
