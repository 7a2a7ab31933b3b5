-- The change of the score as steps from the earlier score to that of today, the largest first: the earlier score, each
-- component and kind of effect, the score. All in whole millionths of a point until the end, so nothing is left over.
with changes as (
    select
        component,
        reason,
        input_effect_micropoints as input,
        coverage_effect_micropoints as coverage,
        configuration_effect_micropoints as configuration,
        override_effect_micropoints as override_effect
    from marts.account_health_changes
    where account_id = $account_id and window_days = $window_days
),

effects as (
    select component, reason, effect, micropoints
    from changes
    unpivot (micropoints for effect in (input, coverage, configuration, override_effect))
),

ranked as (
    select
        *,
        row_number() over (order by abs(micropoints) desc, component, effect) as step_number
    from effects
    where micropoints <> 0
),

steps as (
    select
        least(step_number, 12) as step_number,
        case
            when step_number >= 12 then 'everything else'
            else concat(
                replace(component, '_', ' '),
                case effect
                    when 'coverage' then ' (what we know)'
                    when 'configuration' then ' (the formula)'
                    when 'override_effect' then ' (override)'
                    else ''
                end
            )
        end as label,
        case when step_number >= 12 then 'Smaller changes together' else reason end as note,
        sum(micropoints) as micropoints
    from ranked
    group by all
),

ends as (
    select
        min(previous_as_of_date) as previous_as_of_date,
        min(as_of_date) as as_of_date,
        sum(previous_contribution_micropoints) as previous_micropoints,
        sum(contribution_micropoints) as micropoints
    from marts.account_health_changes
    where account_id = $account_id and window_days = $window_days
    having count(*) > 0
),

levels as (
    select
        step_number,
        label,
        case when micropoints < 0 then 'loss' else 'gain' end as kind,
        note,
        micropoints,
        (select previous_micropoints from ends) + sum(micropoints) over (order by step_number) as end_micropoints
    from steps
    union all
    select 0, strftime(previous_as_of_date, 'Score on %Y-%m-%d'), 'total', null, 0, previous_micropoints from ends
    union all
    select 99, strftime(as_of_date, 'Score on %Y-%m-%d'), 'total', null, 0, micropoints from ends
)

select
    step_number,
    label,
    kind,
    note,
    micropoints,
    end_micropoints,
    micropoints / 1e6 as change,
    (end_micropoints - micropoints) / 1e6 as start,
    end_micropoints / 1e6 as end
from levels
order by step_number
