-- Days on which something about the account or its score changed, newest first.
with health as (
    select
        as_of_date,
        health_band,
        health_score_version,
        override_reason,
        is_provisional,
        provisional_reason,
        lag(as_of_date) over by_day as previous_date,
        lag(health_band) over by_day as previous_health_band,
        lag(health_score_version) over by_day as previous_version,
        lag(override_reason) over by_day as previous_override_reason,
        lag(is_provisional) over by_day as was_provisional
    from marts.account_health_daily
    where account_id = $account_id
    window by_day as (order by as_of_date)
),

segments as (
    select
        as_of_date,
        segment,
        lag(segment) over (order by as_of_date) as previous_segment
    from marts.account_segments_daily
    where account_id = $account_id
)

select as_of_date, 'Health' as kind, concat(previous_health_band, ' → ', health_band) as what
from health
where previous_health_band <> health_band
union all
select as_of_date, 'Segment', concat(previous_segment, ' → ', segment)
from segments
where previous_segment <> segment
union all
select as_of_date, 'Formula', concat(previous_version, ' → ', health_score_version)
from health
where previous_version <> health_score_version
union all
select as_of_date, 'Override', coalesce(override_reason, 'the override ended')
from health
where override_reason is distinct from previous_override_reason and previous_date is not null
union all
select as_of_date, 'Feed', coalesce(provisional_reason, 'scores follow the data again')
from health
where is_provisional is distinct from was_provisional and (is_provisional or was_provisional)
order by as_of_date desc, kind
limit 100
