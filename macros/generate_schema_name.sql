{% macro generate_schema_name(custom_schema_name, node) -%}
    {#- Schemas are named by layer and nothing else, so that snapshot history never moves. -#}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
