{% macro use_case_ids() -%}
    {#- Use cases that have measures of their own, as in the seed use_cases: columns need names before a seed can be read. -#}
    {{ return(['ingestion', 'transformation', 'analytics', 'alerting', 'machine_learning', 'data_sharing']) }}
{%- endmacro %}
