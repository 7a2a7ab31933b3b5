-- Why the two readings of each pair differ, component by component, without a remainder.
-- Grain: one row an account_id, from_date, to_version and component.
select *
from {{ health_changes(ref('int_health_change_pairs')) }} as changes
