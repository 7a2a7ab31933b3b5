-- Points that each component earns from its measure, in whole micro-points (100 points = 100,000,000), under each version
-- that scores the day. A measure that is missing, or known for too little of its window, earns what the component gives
-- for that, as a rule nothing at all: it drops out.
-- Grain: one row an account_id, as_of_date, health_score_version and component that earns points.
{{ config(materialized='view') }}
with measures as (
    select * from {{ ref('int_health_measures') }}
),

version_days as (
    select * from {{ ref('int_health_version_days') }}
),

components as (
    select * from {{ ref('int_health_components') }}
),

pieces as (
    select * from {{ ref('int_health_curve_pieces') }}
),

judged as (
    select
        measures.account_id,
        measures.as_of_date,
        measures.account_age_days,
        components.*,
        case
            when measures.coverage_ratio >= components.minimum_coverage_ratio
                then measures.measure_value
        end as measure_value
    from measures
    inner join version_days
        on measures.as_of_date = version_days.as_of_date
    inner join components
        on
            version_days.health_score_version = components.health_score_version
            and measures.segment = components.segment
            and measures.measure = components.measure
),

on_curve as (
    select
        judged.*,
        pieces.age_from_days as curve_age_from_days,
        {{ health_points('judged', 'pieces') }} as points_micropoints
    from judged
    left join pieces
        on
            judged.health_score_version = pieces.health_score_version
            and judged.component = pieces.component
            and judged.curve_segment = pieces.curve_segment
            and judged.account_age_days >= pieces.age_from_days
            and (judged.account_age_days < pieces.age_to_days or pieces.age_to_days is null)
            and (judged.measure_value >= pieces.lower_value or pieces.lower_value is null)
            and (judged.measure_value < pieces.upper_value or pieces.upper_value is null)
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
        renormalized_within,
        weight,
        dimension_weight,
        component_bit,
        measure_value,
        cast(
            coalesce(points_micropoints, cast(points_when_missing * 1000000 as bigint)) as bigint
        ) as points_micropoints
    from on_curve
    where points_micropoints is not null or points_when_missing is not null
)

select * from final
