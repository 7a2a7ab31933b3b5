{% macro health_changes(pairs) -%}
    {#- Relation of why the score differs between the two readings of each pair (account_id, from_date, from_version,
        to_date, to_version), one row a component and override, split without a remainder. The steps from the first
        reading to the second: the formula changes (its version, then the curve of the account's age or segment), then
        what is known, then the values. -#}
(
    with readings as (
        select * from {{ health_readings(pairs) }} as sides
    ),

    steps as (
        select
            *,
            coalesce(first_contribution_micropoints, 0) as first_micropoints,
            coalesce(
                {{ floor_divide(
                    'moved_points_micropoints * switched_weight_numerator', 'switched_weight_denominator'
                ) }},
                0
            ) as reformed_micropoints,
            -- A value that was not known before, or is not now, is no change of the value.
            coalesce(
                {{ floor_divide(
                    'case'
                    ' when switched_points_micropoints is not null'
                    ' and (switched_measure_value is null) = (second_measure_value is null)'
                    ' then moved_points_micropoints else second_points_micropoints end'
                    ' * second_weight_numerator',
                    'second_weight_denominator',
                ) }},
                0
            ) as covered_micropoints,
            coalesce(second_contribution_micropoints, 0) as second_micropoints
        from readings
    ),

    overrides as (
        select
            pairs.account_id,
            pairs.from_date,
            pairs.from_version,
            pairs.to_date,
            pairs.to_version,
            first_scores.override_micropoints as first_micropoints,
            second_scores.override_micropoints as second_micropoints
        from {{ pairs }} as pairs
        inner join {{ ref('int_account_health_scores') }} as first_scores
            on
                pairs.account_id = first_scores.account_id
                and pairs.from_date = first_scores.as_of_date
                and pairs.from_version = first_scores.health_score_version
        inner join {{ ref('int_account_health_scores') }} as second_scores
            on
                pairs.account_id = second_scores.account_id
                and pairs.to_date = second_scores.as_of_date
                and pairs.to_version = second_scores.health_score_version
        where
            first_scores.override_reason is not null
            or second_scores.override_reason is not null
    )

    select
        account_id,
        from_date,
        from_version,
        to_date,
        to_version,
        dimension,
        component,
        coalesce(first_measure_value, switched_measure_value) as first_measure_value,
        second_measure_value,
        first_micropoints,
        second_micropoints,
        second_micropoints - covered_micropoints as input_effect_micropoints,
        covered_micropoints - reformed_micropoints as coverage_effect_micropoints,
        reformed_micropoints - first_micropoints as configuration_effect_micropoints,
        0 as override_effect_micropoints
    from steps
    union all
    select
        account_id,
        from_date,
        from_version,
        to_date,
        to_version,
        'override',
        'override',
        null,
        null,
        first_micropoints,
        second_micropoints,
        0,
        0,
        0,
        second_micropoints - first_micropoints
    from overrides
)
{%- endmacro %}
