-- A broken feed must not look like a customer who changes: on a day that shows an earlier one, each account's score, band
-- and segment are those of that day, and an account that was not there on it has none.
with health as (
    select * from {{ ref('account_health_daily') }}
),

segments as (
    select * from {{ ref('account_segments_daily') }}
),

states as (
    select
        health.account_id,
        health.as_of_date,
        health.measured_on_date,
        health.health_score_version,
        health.health_band,
        health.score_micropoints,
        segments.segment,
        segments.segment_since_date
    from health
    inner join segments
        on
            health.account_id = segments.account_id
            and health.as_of_date = segments.as_of_date
),

held as (
    select * from states
    where measured_on_date < as_of_date
)

select
    held.account_id,
    held.as_of_date,
    held.measured_on_date,
    held.score_micropoints,
    held.health_band,
    held.segment
from held
left join states as measured
    on
        held.account_id = measured.account_id
        and held.measured_on_date = measured.as_of_date
where
    measured.measured_on_date <> measured.as_of_date
    or coalesce(held.score_micropoints, -1) <> coalesce(measured.score_micropoints, -1)
    or held.health_band <> coalesce(measured.health_band, 'unknown')
    or held.segment <> coalesce(measured.segment, 'unknown')
    or held.health_score_version <> measured.health_score_version
    or held.segment_since_date <> measured.segment_since_date
