{% macro number_spine(first_number, last_number) -%}
    {#- Whole numbers from the first to the last, one a row. -#}
    {{ return(adapter.dispatch('number_spine', 'account_health_warehouse')(first_number, last_number)) }}
{%- endmacro %}

{% macro duckdb__number_spine(first_number, last_number) -%}
    unnest(generate_series({{ first_number }}, {{ last_number }}))
{%- endmacro %}

{% macro spark__number_spine(first_number, last_number) -%}
    explode(sequence({{ first_number }}, {{ last_number }}))
{%- endmacro %}
