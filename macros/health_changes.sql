{% macro health_changes(pairs) -%}
    {#- Relation of why the score differs between the two readings of each pair (account_id, from_date, from_version,
        to_date, to_version), one row a component and override, split without a remainder. The steps from the first
        reading to the second: the formula changes (its version, then the curve of the account's age or segment), then
        what is known, then the values. -#}
(
    with readings as (
        {%- for reading, date, version in [
            ('first', 'from_date', 'from_version'),
            ('switched', 'from_date', 'to_version'),
            ('second', 'to_date', 'to_version'),
        ] %}
        select
            pairs.account_id,
            pairs.from_date,
            pairs.from_version,
            pairs.to_date,
            pairs.to_version,
            '{{ reading }}' as reading,
            parts.dimension,
            parts.component,
            parts.curve_segment,
            parts.curve_age_from_days,
            parts.measure_value,
            parts.points_micropoints,
            parts.weight_numerator,
            parts.weight_denominator,
            parts.contribution_micropoints
        from {{ pairs }} as pairs
        inner join {{ ref('int_health_contributions') }} as parts
            on
                pairs.account_id = parts.account_id
                and pairs.{{ date }} = parts.as_of_date
                and pairs.{{ version }} = parts.health_score_version
        {%- if not loop.last %}
        union all
        {%- endif %}
        {%- endfor %}
    ),

    side_by_side as (
        select
            account_id,
            from_date,
            from_version,
            to_date,
            to_version,
            component,
            max(dimension) as dimension,
            {%- for reading in ['first', 'switched', 'second'] %}
            {%- for column in [
                'measure_value', 'points_micropoints', 'weight_numerator', 'weight_denominator', 'contribution_micropoints'
            ] %}
            max(case when reading = '{{ reading }}' then {{ column }} end) as {{ reading }}_{{ column }},
            {%- endfor %}
            {%- endfor %}
            max(case when reading = 'second' then curve_segment end) as curve_segment,
            max(case when reading = 'second' then curve_age_from_days end) as curve_age_from_days
        from readings
        group by account_id, from_date, from_version, to_date, to_version, component
    ),

    -- The first value is looked up on the curve of the second reading.
    moved as (
        select
            side_by_side.*,
            side_by_side.switched_measure_value as measure_value,
            components.curve_kind
        from side_by_side
        left join {{ ref('health_components') }} as components
            on
                side_by_side.to_version = components.health_score_version
                and side_by_side.component = components.component
    ),

    on_curve as (
        select
            moved.*,
            coalesce({{ health_points('moved', 'pieces') }}, moved.switched_points_micropoints)
                as moved_points_micropoints
        from moved
        left join {{ ref('int_health_curve_pieces') }} as pieces
            on
                moved.to_version = pieces.health_score_version
                and moved.component = pieces.component
                and moved.curve_segment = pieces.curve_segment
                and moved.curve_age_from_days = pieces.age_from_days
                and (moved.measure_value >= pieces.lower_value or pieces.lower_value is null)
                and (moved.measure_value < pieces.upper_value or pieces.upper_value is null)
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
        from on_curve
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
        first_measure_value,
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
