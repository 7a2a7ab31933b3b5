-- Score curves cut into pieces: between two breakpoints, below the first and from the last on.
-- Grain: one row a health_score_version, component and piece_number.
with curves as (
    select * from {{ ref('health_curves') }}
),

ordered as (
    select
        health_score_version,
        component,
        breakpoint_value as lower_value,
        lead(breakpoint_value) over (
            partition by health_score_version, component
            order by breakpoint_value
        ) as upper_value,
        points as lower_points,
        lead(points) over (
            partition by health_score_version, component
            order by breakpoint_value
        ) as upper_points,
        row_number() over (
            partition by health_score_version, component
            order by breakpoint_value
        ) as piece_number
    from curves
),

pieces as (
    select
        health_score_version,
        component,
        piece_number,
        lower_value,
        upper_value,
        lower_points,
        coalesce(upper_points, lower_points) as upper_points
    from ordered
    union all
    select
        health_score_version,
        component,
        0 as piece_number,
        cast(null as decimal(18, 6)) as lower_value,
        lower_value as upper_value,
        lower_points,
        lower_points as upper_points
    from ordered
    where piece_number = 1
)

select * from pieces
