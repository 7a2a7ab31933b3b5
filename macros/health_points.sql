{% macro health_points(row, piece) -%}
    {#- Micro-points of `row.measure_value` on the piece of a curve that holds it, exact to the last whole one. -#}
    case
        when {{ row }}.measure_value is null then null
        when
            {{ row }}.curve_kind = 'step'
            or {{ piece }}.lower_value is null
            or {{ piece }}.upper_value is null
            then {{ piece }}.lower_micropoints
        else
            {{ floor_divide(
                wide(piece ~ '.lower_micropoints')
                ~ ' * cast((' ~ piece ~ '.upper_value - ' ~ row ~ '.measure_value) * 1000000 as bigint) + '
                ~ wide(piece ~ '.upper_micropoints')
                ~ ' * cast((' ~ row ~ '.measure_value - ' ~ piece ~ '.lower_value) * 1000000 as bigint)',
                'cast((' ~ piece ~ '.upper_value - ' ~ piece ~ '.lower_value) * 1000000 as bigint)',
            ) }}
    end
{%- endmacro %}
