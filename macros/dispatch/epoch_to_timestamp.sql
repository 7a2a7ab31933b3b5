{% macro epoch_to_timestamp(column) -%}
    {{ return(adapter.dispatch('epoch_to_timestamp', 'account_health_warehouse')(column)) }}
{%- endmacro %}

{% macro duckdb__epoch_to_timestamp(column) -%}
    make_timestamp({{ column }} * 1000000)
{%- endmacro %}

{% macro spark__epoch_to_timestamp(column) -%}
    timestamp_seconds({{ column }})
{%- endmacro %}
