-- The components of each version as an account of a segment meets them: with its own curve where the segment has one.
-- Grain: one row a health_score_version, segment and component.
with components as (
    select * from {{ ref('health_components') }}
),

versions as (
    select * from {{ ref('health_score_versions') }}
),

measures as (
    select * from {{ ref('health_measures') }}
),

segments as (
    select * from {{ ref('segments') }}
),

curve_segments as (
    select distinct
        health_score_version,
        component,
        segment
    from {{ ref('health_curves') }}
    where segment is not null
),

final as (
    select
        components.health_score_version,
        segments.segment,
        components.component,
        components.dimension,
        components.measure,
        components.curve_kind,
        -- Curves of all segments go by the empty name.
        coalesce(curve_segments.segment, '') as curve_segment,
        versions.renormalized_within,
        components.weight,
        sum(components.weight) over (
            partition by
                components.health_score_version, segments.segment, components.dimension
        ) as dimension_weight,
        cast(power(
            2, dense_rank() over (
                partition by components.health_score_version order by components.component
            ) - 1
        ) as bigint) as component_bit,
        components.minimum_coverage_ratio,
        components.points_when_missing,
        measures.window_days
    from components
    inner join versions
        on components.health_score_version = versions.health_score_version
    cross join segments
    left join measures
        on components.measure = measures.measure
    left join curve_segments
        on
            components.health_score_version = curve_segments.health_score_version
            and components.component = curve_segments.component
            and segments.segment = curve_segments.segment
)

select * from final
