-- Score curves cut into pieces: between two breakpoints, below the first and from the last on; in whole millionths, so
-- that points are computed without rounding errors. Grain: one row a health_score_version, component, curve_segment,
-- age_from_days and piece_number.
{%- set curve = 'partition by health_score_version, component, curve_segment, age_from_days' %}
{%- set along = curve ~ ' order by breakpoint_value' %}
with curves as (
    select
        health_score_version,
        component,
        coalesce(segment, '') as curve_segment,
        coalesce(account_age_from_days, 0) as age_from_days,
        account_age_to_days as age_to_days,
        breakpoint_value,
        cast(points * 1000000 as bigint) as micropoints
    from {{ ref('health_curves') }}
),

ordered as (
    select
        health_score_version,
        component,
        curve_segment,
        age_from_days,
        max(age_to_days) over ({{ curve }}) as age_to_days,
        breakpoint_value as lower_value,
        lead(breakpoint_value) over ({{ along }}) as upper_value,
        micropoints as lower_micropoints,
        lead(micropoints) over ({{ along }}) as upper_micropoints,
        row_number() over ({{ along }}) as piece_number
    from curves
),

pieces as (
    select
        health_score_version,
        component,
        curve_segment,
        age_from_days,
        age_to_days,
        piece_number,
        lower_value,
        upper_value,
        lower_micropoints,
        coalesce(upper_micropoints, lower_micropoints) as upper_micropoints
    from ordered
    union all
    select
        health_score_version,
        component,
        curve_segment,
        age_from_days,
        age_to_days,
        0 as piece_number,
        cast(null as decimal(18, 6)) as lower_value,
        lower_value as upper_value,
        lower_micropoints,
        lower_micropoints as upper_micropoints
    from ordered
    where piece_number = 1
)

select * from pieces
