{% macro floor_divide(numerator, denominator) -%}
    {#- Whole-number division of numbers that are not negative; null where the denominator is 0. -#}
    {{ return(adapter.dispatch('floor_divide', 'account_health_warehouse')(numerator, denominator)) }}
{%- endmacro %}

{% macro duckdb__floor_divide(numerator, denominator) -%}
    cast(({{ numerator }}) // nullif({{ denominator }}, 0) as bigint)
{%- endmacro %}

{% macro spark__floor_divide(numerator, denominator) -%}
    cast(({{ numerator }}) div nullif({{ denominator }}, 0) as bigint)
{%- endmacro %}
