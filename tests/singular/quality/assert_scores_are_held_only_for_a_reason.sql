-- The days that scores show must follow from the feeds and from nothing else: a day is provisional exactly when some
-- system holds it, says why, rests on a day that nothing held, and on none older than the rules allow.
with score_days as (
    select * from {{ ref('int_score_days') }}
),

open_days as (
    select min(as_of_date) as first_open_date
    from score_days
    where not is_provisional and measured_on_date = as_of_date
),

holding as (
    select
        as_of_date,
        max(case when is_holding then 1 else 0 end) as systems_holding
    from {{ ref('data_health') }}
    group by as_of_date
),

rules as (
    select max(max_hold_days) as longest_hold_days from {{ ref('feed_rules') }}
)

select
    score_days.as_of_date,
    score_days.measured_on_date,
    score_days.is_provisional,
    score_days.provisional_reason
from score_days
cross join open_days
cross join rules
left join holding
    on score_days.as_of_date = holding.as_of_date
left join score_days as measured
    on score_days.measured_on_date = measured.as_of_date
where
    (
        score_days.as_of_date > open_days.first_open_date
        and score_days.is_provisional <> (coalesce(holding.systems_holding, 0) = 1)
    )
    or score_days.is_provisional <> (score_days.provisional_reason is not null)
    or score_days.is_provisional
    <> (score_days.measured_on_date is null or score_days.measured_on_date < score_days.as_of_date)
    or measured.is_provisional
    or {{ dbt.datediff('score_days.measured_on_date', 'score_days.as_of_date', 'day') }}
    > rules.longest_hold_days
