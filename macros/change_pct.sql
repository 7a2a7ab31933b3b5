{% macro change_pct(value, previous_value) -%}
    {#- Change in percent of the earlier value; null when that was 0. -#}
    100 * (cast({{ value }} as double) / nullif(cast({{ previous_value }} as double), 0) - 1)
{%- endmacro %}
