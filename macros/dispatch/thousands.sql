{% macro thousands(number) -%}
    {{ return(adapter.dispatch('thousands', 'account_health_warehouse')(number)) }}
{%- endmacro %}

{% macro duckdb__thousands(number) -%}
    format('{:,}', cast({{ number }} as bigint))
{%- endmacro %}

{% macro spark__thousands(number) -%}
    format_number(cast({{ number }} as bigint), 0)
{%- endmacro %}
