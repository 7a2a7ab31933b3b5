-- The newest runs. The run that made this file still ran when it was copied in.
select
    runs.run_id,
    runs.command,
    runs.as_of_date,
    runs.started_at,
    runs.finished_at,
    case when runs.run_id = publishes.run_id then 'published this' else runs.status end as status,
    runs.message,
    (
        select string_agg(concat(steps.step, ' ', cast(round(steps.seconds) as integer), ' s'), ', ' order by steps.step_number)
        from ops.run_steps as steps
        where steps.run_id = runs.run_id and steps.status <> 'running'
    ) as steps
from ops.runs
cross join ops.publishes
order by runs.started_at desc
limit $row_limit
