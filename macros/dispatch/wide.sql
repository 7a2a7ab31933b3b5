{% macro wide(number) -%}
    {#- A whole number with room for the product of two others. -#}
    {{ return(adapter.dispatch('wide', 'account_health_warehouse')(number)) }}
{%- endmacro %}

{% macro duckdb__wide(number) -%}
    cast({{ number }} as hugeint)
{%- endmacro %}

{% macro spark__wide(number) -%}
    cast({{ number }} as decimal(38, 0))
{%- endmacro %}
