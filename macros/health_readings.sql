{% macro health_readings(pairs) -%}
    {#- Relation of the readings that health_changes compares, side by side: what each component of a pair was on the first day
        under the first version, on the first day under the second version (`switched`), and on the second day; and what the
        switched one would have earned on the curve of the second (`moved`). -#}
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
    )

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
)
{%- endmacro %}
