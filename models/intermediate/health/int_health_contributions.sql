-- What each component adds to the score: its points times its weight, with the weights of missing components shared out
-- over those that are there, of the whole score or of their dimension first, as the version says. Whole micro-points, so
-- that a score is exactly the sum of its contributions.
-- Grain: one row an account_id, as_of_date, health_score_version and component that earns points.
with points as (
    select * from {{ ref('int_health_points') }}
),

dimensions as (
    select
        account_id,
        as_of_date,
        health_score_version,
        dimension,
        sum(weight) as present_weight,
        max(dimension_weight) as dimension_weight,
        max(renormalized_within) as renormalized_within
    from points
    group by account_id, as_of_date, health_score_version, dimension
),

-- Shares of the score are fractions of whole numbers: weight * share_numerator / share_denominator.
shares as (
    select
        account_id,
        as_of_date,
        health_score_version,
        dimension,
        case renormalized_within
            when 'dimension' then dimension_weight
            else 1
        end as share_numerator,
        case renormalized_within
            when 'dimension'
                then
                    present_weight
                    * sum(dimension_weight) over (
                        partition by account_id, as_of_date, health_score_version
                    )
            else sum(present_weight) over (
                partition by account_id, as_of_date, health_score_version
            )
        end as share_denominator
    from dimensions
),

weighed as (
    select
        points.*,
        cast(points.weight * shares.share_numerator as bigint) as weight_numerator,
        cast(shares.share_denominator as bigint) as weight_denominator
    from points
    inner join shares
        on
            points.account_id = shares.account_id
            and points.as_of_date = shares.as_of_date
            and points.health_score_version = shares.health_score_version
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
        weight_numerator,
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
