-- Rows of a curve that nobody reads are a slip of the pen: they name a component or segment that does not exist, say two
-- things of one value, or are too few to be a line.
with components as (
    select * from {{ ref('health_components') }}
),

segments as (
    select * from {{ ref('segments') }}
),

curves as (
    select
        health_score_version,
        component,
        segment,
        coalesce(account_age_from_days, 0) as age_from_days,
        count(*) as breakpoints_count,
        count(points) as points_count,
        count(distinct breakpoint_value) as distinct_breakpoints_count
    from {{ ref('health_curves') }}
    group by health_score_version, component, segment, coalesce(account_age_from_days, 0)
),

checked as (
    select
        curves.health_score_version,
        curves.component,
        curves.age_from_days,
        case
            when components.component is null
                then 'the version has no such component: correct its name or remove the rows'
            when curves.segment is not null and segments.segment is null
                then concat(
                    'there is no segment ', curves.segment, ': take one of seeds/segments.csv'
                )
            when curves.breakpoints_count > curves.distinct_breakpoints_count
                then 'one breakpoint_value is there twice: keep one of its rows'
            when curves.points_count > 0 and curves.points_count < curves.breakpoints_count
                then 'some points are empty: fill in all, or none where it shall not judge'
            when components.curve_kind = 'linear' and curves.points_count = 1
                then 'a linear curve needs at least two breakpoints: add one'
        end as rule
    from curves
    left join components
        on
            curves.health_score_version = components.health_score_version
            and curves.component = components.component
    left join segments
        on curves.segment = segments.segment
)

select
    concat(
        'The curve of ', component, ' of version ', health_score_version, ' from ',
        cast(age_from_days as {{ dbt.type_string() }}),
        ' days on in seeds/health_curves.csv: ', rule, '.'
    ) as problem
from checked
where rule is not null
