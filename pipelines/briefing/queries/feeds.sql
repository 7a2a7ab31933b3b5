-- Each system on the published day: whether its data is trusted, and whether it holds scores back.
select
    health.system,
    health.status,
    health.reason,
    health.gate_reasons,
    health.is_trusted,
    health.is_holding,
    health.held_by_date,
    health.measured_on_date
from ops.publishes
inner join marts.data_health as health on publishes.as_of_date = health.as_of_date
order by health.system
