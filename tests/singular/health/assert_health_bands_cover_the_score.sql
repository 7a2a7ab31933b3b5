-- A score outside of all bands has none, and one in two bands counts twice. So the bands of every version follow each other
-- from 0 to 100, numbered from the worst on, and the margin at an edge leaves each band a middle that can be reached.
{%- set in_order = 'partition by health_score_version order by lower_score' %}
{%- set text = dbt.type_string() %}
with bands as (
    select * from {{ ref('health_bands') }}
),

versions as (
    select * from {{ ref('health_score_versions') }}
),

followed as (
    select
        *,
        row_number() over ({{ in_order }}) as place,
        lag(upper_score) over ({{ in_order }}) as previous_upper_score,
        lag(upper_score - lower_score) over ({{ in_order }}) as previous_width,
        lead(lower_score) over ({{ in_order }}) as next_lower_score
    from bands
),

checked as (
    select
        followed.health_score_version,
        followed.health_band,
        case
            when versions.health_score_version is null
                then 'there is no such version: correct its name or remove the row'
            when followed.upper_score <= followed.lower_score
                then 'upper_score must be above lower_score'
            when followed.place = 1 and followed.lower_score <> 0
                then 'no band holds the scores below it: the worst one begins at 0'
            when followed.lower_score <> followed.previous_upper_score
                then concat(
                    'the band below ends at ', cast(followed.previous_upper_score as {{ text }}),
                    ': begin where it ends'
                )
            when followed.next_lower_score is null and followed.upper_score <> 100
                then 'no band holds the scores above it: the best one ends at 100'
            when followed.sort_order <> followed.place
                then concat(
                    'sort_order must be ', cast(followed.place as {{ text }}), ': 1 is the worst'
                )
            when followed.place = 1 and followed.hysteresis_points <> 0
                then 'hysteresis_points must be 0: the worst band has no edge below it'
            when
                followed.hysteresis_points < 0
                or followed.hysteresis_points
                >= least(followed.upper_score - followed.lower_score, followed.previous_width) / 2
                then 'hysteresis_points must be below half of the narrower band at its edge'
        end as rule
    from followed
    left join versions
        on followed.health_score_version = versions.health_score_version
)

select
    concat(
        'The band ', health_band, ' of version ', health_score_version,
        ' in seeds/health_bands.csv: ', rule, '.'
    ) as problem
from checked
where rule is not null
union all
select
    concat(
        'Version ', versions.health_score_version,
        ' has no bands: add them to seeds/health_bands.csv.'
    )
from versions
left join bands
    on versions.health_score_version = bands.health_score_version
where bands.health_score_version is null
