-- Usage signals that are open or were detected within the half year of the chart, the newest first.
select
    signals.signal_kind,
    signals.direction,
    signals.unit_type,
    signals.unit_id,
    teams.team_name,
    signals.started_date,
    signals.detected_date,
    signals.is_open,
    signals.affected_28d_usd,
    greatest(signals.started_date, publishes.as_of_date - 181) as drawn_from_date,
    signals.detected_date > publishes.as_of_date - 182 as is_in_chart
from marts.usage_signals as signals
cross join ops.publishes
left join (
    select distinct account_id, workspace_id, team_name from marts.team_use_case_adoption
) as teams on signals.account_id = teams.account_id and signals.unit_id = teams.workspace_id
where
    signals.account_id = $account_id
    and (signals.is_open or signals.detected_date > publishes.as_of_date - 182)
order by signals.detected_date desc, signals.signal_id
