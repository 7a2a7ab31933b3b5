-- Records that were quarantined over the last 60 days and of all time, by system.
select
    health.system,
    coalesce(sum(health.rejected_rows) filter (where health.as_of_date > publishes.as_of_date - 60), 0) as recent_rejected_rows,
    coalesce(sum(health.rejected_rows), 0) as rejected_rows,
    sum(health.landed_rows) as landed_rows,
    max(health.as_of_date) filter (where health.rejected_rows > 0) as last_rejected_date
from marts.data_health as health
cross join ops.publishes
group by health.system
order by health.system
