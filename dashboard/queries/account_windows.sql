-- Spans over which the change of the score is explained, with the score on both ends.
select
    changes.window_days,
    min(changes.previous_as_of_date) as previous_as_of_date,
    any_value(earlier.health_score) as previous_health_score,
    any_value(now.health_score) as health_score,
    sum(changes.input_effect_micropoints) as input_effect_micropoints,
    sum(changes.coverage_effect_micropoints) as coverage_effect_micropoints,
    sum(changes.configuration_effect_micropoints) as configuration_effect_micropoints,
    sum(changes.override_effect_micropoints) as override_effect_micropoints,
    sum(changes.change_micropoints) as change_micropoints
from marts.account_health_changes as changes
left join marts.account_health_daily as earlier
    on changes.account_id = earlier.account_id and changes.previous_as_of_date = earlier.as_of_date
left join marts.account_health_daily as now
    on changes.account_id = now.account_id and changes.as_of_date = now.as_of_date
where changes.account_id = $account_id
group by changes.window_days
order by changes.window_days
