{% macro rebuild_days_strategy() -%}
    {#- Incremental strategy that replaces exactly the days that the new rows hold. -#}
    {{ return(adapter.dispatch('rebuild_days_strategy', 'account_health_warehouse')()) }}
{%- endmacro %}

{% macro duckdb__rebuild_days_strategy() -%}
    {{ return('delete+insert') }}
{%- endmacro %}

{% macro spark__rebuild_days_strategy() -%}
    {{ return('insert_overwrite') }}
{%- endmacro %}
