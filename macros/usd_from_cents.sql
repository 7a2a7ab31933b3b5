{% macro usd_from_cents(column) -%}
    {#- Whole cents to dollars, exact. -#}
    cast(cast({{ column }} as decimal(18, 0)) * cast(0.01 as decimal(3, 2)) as decimal(18, 2))
{%- endmacro %}
