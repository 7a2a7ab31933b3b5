-- On which side of each edge between two bands an account stands: it crosses only once its score has been beyond the edge
-- by the hysteresis of the band, on the version's number of consecutive days. Days that only repeat an earlier one, and
-- days without a score, cross nothing. Grain: one row an account_id, as_of_date, health_score_version and edge_number.
{%- set story = 'partition by account_id, health_score_version, edge_number' %}
with scores as (
    select * from {{ ref('int_account_health_scores') }}
),

versions as (
    select * from {{ ref('health_score_versions') }}
),

edges as (
    select
        health_score_version,
        sort_order as edge_number,
        cast(lower_score * 1000000 as bigint) as edge_micropoints,
        cast((lower_score + hysteresis_points) * 1000000 as bigint) as enter_micropoints,
        cast((lower_score - hysteresis_points) * 1000000 as bigint) as leave_micropoints
    from {{ ref('health_bands') }}
    where lower_score > 0
),

readings as (
    select
        scores.account_id,
        scores.as_of_date,
        scores.health_score_version,
        edges.edge_number,
        versions.band_confirm_days,
        coalesce(scores.measured_on_date = scores.as_of_date, false) as is_live,
        scores.score_micropoints >= edges.edge_micropoints as is_above_now,
        case
            when scores.score_micropoints >= edges.enter_micropoints then 'above'
            when scores.score_micropoints < edges.leave_micropoints then 'below'
            else 'neither'
        end as side
    from scores
    inner join versions
        on scores.health_score_version = versions.health_score_version
    inner join edges
        on scores.health_score_version = edges.health_score_version
),

islands as (
    select
        *,
        row_number() over ({{ story }}, is_live order by as_of_date)
        - row_number() over ({{ story }}, is_live, side order by as_of_date) as island
    from readings
),

confirmed as (
    select
        *,
        case
            when
                side <> 'neither'
                and is_live
                and row_number() over (
                    {{ story }}, is_live, side, island order by as_of_date
                ) >= band_confirm_days
                then side
        end as confirmed_side
    from islands
),

runs as (
    select
        *,
        count(confirmed_side) over ({{ story }} order by as_of_date) as run_number
    from confirmed
),

final as (
    select
        account_id,
        as_of_date,
        health_score_version,
        edge_number,
        -- Before anything is confirmed an account stands where its first score has put it.
        coalesce(
            max(confirmed_side) over ({{ story }}, run_number) = 'above',
            min_by(is_above_now, case when is_above_now is not null then as_of_date end)
                over ({{ story }}),
            false
        ) as is_above
    from runs
)

select * from final
