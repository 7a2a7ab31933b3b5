with newest as (
    select system, as_of_date, status
    from marts.data_health
    qualify row_number() over (partition by system order by as_of_date desc) = 1
),

all_days as (
    select
        system,
        sum(case when is_holding then 1 else 0 end) as days_held,
        sum(rejected_rows) as rejected
    from marts.data_health
    group by system
)

select newest.system, newest.as_of_date as last_day, newest.status as last_status, all_days.days_held, all_days.rejected
from newest
inner join all_days on newest.system = all_days.system
