{% macro forecast_growth(recent, earlier, earlier_weeks_count) -%}
    {#- Logarithmic growth a week that is believed: 0 unless the earlier weeks are all there and both have use. -#}
    case
        when
            {{ earlier_weeks_count }} = {{ var('forecast_growth_weeks') }}
            and {{ recent }} > 0
            and {{ earlier }} > 0
            then
                greatest(
                    least(
                        ln({{ recent }} / {{ earlier }})
                        * {{ var('forecast_growth_weight') / var('forecast_growth_weeks') }},
                        {{ var('forecast_growth_max') }}
                    ),
                    -{{ var('forecast_growth_max') }}
                )
        else 0
    end
{%- endmacro %}
