{% macro json_elements(column, path=none) -%}
    {{ return(adapter.dispatch('json_elements', 'account_health_warehouse')(column, path)) }}
{%- endmacro %}

{% macro duckdb__json_elements(column, path) -%}
    unnest(cast(json_extract({{ column }}, '${{ '.' ~ path if path else '' }}') as json[]))
{%- endmacro %}

{% macro spark__json_elements(column, path) -%}
    explode(from_json({{ "get_json_object(" ~ column ~ ", '$." ~ path ~ "')" if path else column }}, 'array<string>'))
{%- endmacro %}
