-- What the gate said in the newest run that it judged, by system.
with newest as (
    select run_id from ops.gate_results
    order by checked_at desc
    limit 1
)

select
    results.system,
    count(*) filter (where results.severity = 'critical') as critical_count,
    count(*) filter (where results.severity = 'critical' and not results.is_success) as critical_failed_count,
    count(*) filter (where results.severity = 'warning') as warning_count,
    count(*) filter (where results.severity = 'warning' and not results.is_success) as warning_failed_count,
    count(*) filter (where results.severity = 'info') as info_count,
    count(*) filter (where results.severity = 'info' and not results.is_success) as info_failed_count,
    max(results.checked_at) as checked_at
from ops.gate_results as results
inner join newest on results.run_id = newest.run_id
group by results.system
order by results.system
