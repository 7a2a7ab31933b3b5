-- A component without a curve for the segment of an account drops out of its score without a word: unknown would pass for
-- not judged. So each has a curve of its own for every segment, or one for all others.
with components as (
    select * from {{ ref('health_components') }}
),

segments as (
    select * from {{ ref('segments') }}
),

curves as (
    select distinct
        health_score_version,
        component,
        coalesce(segment, '') as curve_segment
    from {{ ref('health_curves') }}
),

missing as (
    select
        components.health_score_version,
        components.component,
        min(segments.segment) as segment
    from components
    cross join segments
    left join curves
        on
            components.health_score_version = curves.health_score_version
            and components.component = curves.component
            and curves.curve_segment in ('', segments.segment)
    where curves.component is null
    group by components.health_score_version, components.component
)

select
    concat(
        'The component ', component, ' of version ', health_score_version,
        ' has no curve for the segment ', segment,
        ': add rows with an empty segment to seeds/health_curves.csv.'
    ) as problem
from missing
