-- A backtest that knows what came later is worth nothing: what the rates of a day count must be exactly the candidates whose
-- horizon had ended on that day, counted here once more by their dates.
{%- set horizon = (var('expansion_horizon_days') // 28) * 28 %}
with candidates as (
    select * from {{ ref('int_expansion_candidates') }}
),

rates as (
    select * from {{ ref('int_expansion_rates') }}
    where look_alike_level = 0
),

days as (
    select distinct
        as_of_date,
        periods_ago,
        adoption_state
    from candidates
),

ended as (
    select
        days.periods_ago,
        {{ look_alike_key(0) | replace('adoption_state', 'days.adoption_state') }} as look_alike_key,
        count(candidates.account_id) as candidates_count,
        coalesce(sum(candidates.adopted_later), 0) as adopted_count
    from days
    left join candidates
        on
            days.adoption_state = candidates.adoption_state
            and {{ dbt.datediff('candidates.as_of_date', 'days.as_of_date', 'day') }} >= {{ horizon }}
    group by days.periods_ago, {{ look_alike_key(0) | replace('adoption_state', 'days.adoption_state') }}
)

select
    ended.periods_ago,
    ended.look_alike_key,
    ended.candidates_count as ended_count,
    rates.candidates_count
from ended
left join rates
    on ended.periods_ago = rates.periods_ago and ended.look_alike_key = rates.look_alike_key
where
    rates.candidates_count is null
    or ended.candidates_count <> rates.candidates_count
    or ended.adopted_count <> rates.adopted_count
