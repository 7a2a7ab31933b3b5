{% macro utc_timestamp(column) -%}
    {{ return(adapter.dispatch('utc_timestamp', 'account_health_warehouse')(column)) }}
{%- endmacro %}

{% macro duckdb__utc_timestamp(column) -%}
    ({{ column }} at time zone 'UTC')
{%- endmacro %}

{% macro spark__utc_timestamp(column) -%}
    {{ column }}
{%- endmacro %}
