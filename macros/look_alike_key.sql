{% macro look_alike_key(level) -%}
    {#- Key of the group of look-alikes of a level: the columns of look_alike_levels up to it. -#}
    concat(
        {%- for column in look_alike_levels()[: level + 1] -%}
        {{ column }}, '|'{{ ', ' if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}
