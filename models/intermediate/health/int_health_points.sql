-- Points that each component earns from its measure, in whole micro-points (100 points = 100,000,000).
-- Grain: one row an account_id, as_of_date and component that has a measure.
with measures as (
    select * from {{ ref('int_health_measures') }}
),

score_days as (
    select * from {{ ref('int_score_days') }}
),

components as (
    select * from {{ ref('health_components') }}
),

pieces as (
    select * from {{ ref('int_health_curve_pieces') }}
),

on_curve as (
    select
        measures.account_id,
        measures.as_of_date,
        components.health_score_version,
        components.dimension,
        components.component,
        components.weight,
        measures.measure_value,
        case
            when
                components.curve_kind = 'step'
                or pieces.lower_value is null
                or pieces.upper_value is null
                then cast(pieces.lower_points as double)
            else
                cast(pieces.lower_points as double)
                + cast(measures.measure_value - pieces.lower_value as double)
                * cast(pieces.upper_points - pieces.lower_points as double)
                / nullif(cast(pieces.upper_value - pieces.lower_value as double), 0)
        end as points
    from measures
    inner join score_days
        on measures.as_of_date = score_days.as_of_date
    inner join components
        on
            score_days.health_score_version = components.health_score_version
            and measures.measure = components.measure
    inner join pieces
        on
            components.health_score_version = pieces.health_score_version
            and components.component = pieces.component
            and (measures.measure_value >= pieces.lower_value or pieces.lower_value is null)
            and (measures.measure_value < pieces.upper_value or pieces.upper_value is null)
),

final as (
    select
        account_id,
        as_of_date,
        health_score_version,
        dimension,
        component,
        weight,
        measure_value,
        cast(round(points * 1000000) as bigint) as points_micropoints
    from on_curve
)

select * from final
