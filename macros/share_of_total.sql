{% macro share_of_total(column, partition=none) -%}
    {#- Share of a row in the total of all rows, or of all rows of its partition, 0 to 1; null when the total is 0. -#}
    cast({{ column }} as double)
    / nullif(cast(sum({{ column }}) over ({% if partition %}partition by {{ partition }}{% endif %}) as double), 0)
{%- endmacro %}
