-- A curve must say the same as the direction of its component, or a slip of the pen would reward what is bad: the points of
-- more_is_better never fall, those of less_is_better never rise, those of middle_is_best rise and then fall.
{%- set curve %}
partition by
    curves.health_score_version,
    curves.component,
    curves.segment,
    coalesce(curves.account_age_from_days, 0)
order by curves.breakpoint_value
{%- endset %}
with curves as (
    select * from {{ ref('health_curves') }}
),

components as (
    select * from {{ ref('health_components') }}
),

steps as (
    select
        curves.health_score_version,
        curves.component,
        components.direction,
        curves.breakpoint_value,
        curves.points,
        lag(curves.points) over ({{ curve }}) as previous_points,
        max(curves.points) over (
            {{ curve }} rows between unbounded preceding and 1 preceding
        ) as highest_points_before,
        lead(curves.points) over ({{ curve }}) as next_points
    from curves
    inner join components
        on
            curves.health_score_version = components.health_score_version
            and curves.component = components.component
),

checked as (
    select
        *,
        case
            when points < 0 or points > 100 then 'points must lie between 0 and 100'
            when direction = 'more_is_better' and points < previous_points
                then 'points fall, but more is better: correct them or the direction'
            when direction = 'less_is_better' and points > previous_points
                then 'points rise, but less is better: correct them or the direction'
            when
                direction = 'middle_is_best'
                and points > previous_points
                and previous_points < highest_points_before
                then 'points rise after they fell, but the middle is best: let them rise first'
            when
                direction = 'middle_is_best'
                and (
                    (previous_points is null and points >= next_points)
                    or (next_points is null and points >= previous_points)
                )
                then 'points are best at the end, but the middle is best: add what is beyond'
        end as rule
    from steps
)

select
    concat(
        'The curve of ', component, ' of version ', health_score_version, ' at ',
        cast(breakpoint_value as {{ dbt.type_string() }}),
        ' in seeds/health_curves.csv: ', rule, '.'
    ) as problem
from checked
where rule is not null
