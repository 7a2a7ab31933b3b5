-- Stays in a health band, one row a stay.
with days as (
    select
        as_of_date,
        health_band,
        lag(health_band) over (order by as_of_date) is distinct from health_band as is_first
    from marts.account_health_daily
    where account_id = $account_id
),

stays as (
    select
        *,
        count(*) filter (where is_first) over (order by as_of_date) as stay_number
    from days
)

select
    health_band,
    min(as_of_date) as from_date,
    max(as_of_date) + 1 as to_date
from stays
group by stay_number, health_band
order by from_date
