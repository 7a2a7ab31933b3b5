-- What a component says of itself must be something that the engine can do and a reader can understand: a sentence with
-- the value in it, points and coverage within their ranges, coverage only where there is a window to cover.
with components as (
    select * from {{ ref('health_components') }}
),

measures as (
    select * from {{ ref('health_measures') }}
),

checked as (
    select
        components.health_score_version,
        components.component,
        case
            when components.sentence not like '%{value}%'
                then 'its sentence has no {value}: write it where the measure goes'
            when
                components.minimum_coverage_ratio < 0
                or components.minimum_coverage_ratio > 1
                then
                    'minimum_coverage_ratio must lie between 0 and 1: 0.75 wants 3/4 of the window'
            when components.minimum_coverage_ratio > 0 and measures.window_days is null
                then concat(
                    'minimum_coverage_ratio has no effect, as ', components.measure,
                    ' has no window of days: write 0'
                )
            when count(*) over (partition by components.health_score_version) > 62
                then 'it has more than 62 components, as many as a set of them can hold'
            when components.points_when_missing < 0 or components.points_when_missing > 100
                then 'points_when_missing must lie between 0 and 100, or be empty'
        end as rule
    from components
    inner join measures
        on components.measure = measures.measure
)

select
    concat(
        'The component ', component, ' of version ', health_score_version,
        ' in seeds/health_components.csv: ', rule, '.'
    ) as problem
from checked
where rule is not null
