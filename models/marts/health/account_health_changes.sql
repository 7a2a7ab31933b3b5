-- Why the score of today differs from that of earlier days: each component's change, split without a remainder into what
-- the customer did (input), what became known or unknown (coverage), what we changed (configuration, override).
-- Grain: one row an account_id, window_days and component.
with changes as (
    select * from {{ ref('int_health_changes') }}
    where from_date < to_date
),

components as (
    select * from {{ ref('health_components') }}
),

totalled as (
    select
        changes.*,
        components.sentence,
        earlier_components.component is null as is_new,
        replace(changes.component, '_', ' ') as component_name,
        changes.second_micropoints - changes.first_micropoints as change_micropoints,
        {{ number_text('changes.first_measure_value') }} as previous_text,
        {{ number_text('changes.second_measure_value') }} as value_text
    from changes
    left join components
        on
            changes.to_version = components.health_score_version
            and changes.component = components.component
    left join components as earlier_components
        on
            changes.from_version = earlier_components.health_score_version
            and changes.component = earlier_components.component
),

worded as (
    select
        account_id,
        cast({{ dbt.datediff('from_date', 'to_date', 'day') }} as bigint) as window_days,
        component,
        dimension,
        from_version as previous_health_score_version,
        to_version as health_score_version,
        case
            when component = 'override' then 'The score was overridden by people, or no longer is'
            when sentence is null then concat('No longer a part of the score: ', component_name)
            when second_measure_value is null and first_measure_value is null
                then concat('Not known: ', component_name)
            when second_measure_value is null
                then concat('No longer known: ', component_name, ', was ', previous_text)
            when first_measure_value is null
                then concat(replace(sentence, '{value}', value_text), ', was not known')
            when value_text = previous_text
                then concat(replace(sentence, '{value}', value_text), ', as before')
            else concat(replace(sentence, '{value}', value_text), ', was ', previous_text)
        end
        || case when is_new and component <> 'override' then ' (new in the score)' else '' end
            as reason,
        first_measure_value as previous_measure_value,
        second_measure_value as measure_value,
        first_micropoints as previous_contribution_micropoints,
        second_micropoints as contribution_micropoints,
        change_micropoints,
        cast(change_micropoints * 0.000001 as decimal(9, 6)) as change_points,
        input_effect_micropoints,
        coverage_effect_micropoints,
        configuration_effect_micropoints,
        override_effect_micropoints,
        from_date as previous_as_of_date,
        to_date as as_of_date
    from totalled
),

final as (
    select
        *,
        case
            when change_micropoints < 0
                then row_number() over (
                    partition by account_id, window_days
                    order by change_micropoints asc, component asc
                )
        end as down_rank,
        case
            when change_micropoints > 0
                then row_number() over (
                    partition by account_id, window_days
                    order by change_micropoints desc, component asc
                )
        end as up_rank
    from worded
)

select * from final
