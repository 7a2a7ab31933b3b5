-- What each system delivered on each of the last 60 days.
select
    health.system,
    health.as_of_date,
    health.status,
    health.reason,
    health.is_trusted,
    health.landed_rows,
    health.expected_rows,
    health.rejected_rows,
    health.held_days_count
from marts.data_health as health
cross join ops.publishes
where health.as_of_date > publishes.as_of_date - 60
order by health.system, health.as_of_date
