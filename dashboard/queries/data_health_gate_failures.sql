-- Expectations that failed in the runs that are published, the newest first.
select checked_at, system, table_name, expectation, severity, unexpected_count, message, accepted_reason
from ops.gate_results
where not is_success
order by checked_at desc, severity, expectation
limit $row_limit
