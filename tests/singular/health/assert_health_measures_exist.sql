-- A component or a segment rule that names a measure that does not exist would drop out of every score or match no
-- account at all, and nobody would notice.
with measures as (
    select * from {{ ref('health_measures') }}
),

components as (
    select * from {{ ref('health_components') }}
),

segment_rules as (
    select * from {{ ref('segment_rules') }}
),

named as (
    select
        concat(
            'The component ', component, ' of version ', health_score_version,
            ' in seeds/health_components.csv'
        ) as place,
        measure
    from components
    union all
    select
        concat('A rule of the segment ', segment, ' in seeds/segment_rules.csv') as place,
        measure
    from segment_rules
)

select
    concat(
        named.place, ' names the measure ', named.measure,
        ', which does not exist: take one of seeds/health_measures.csv.'
    ) as problem
from named
left join measures
    on named.measure = measures.measure
where measures.measure is null
