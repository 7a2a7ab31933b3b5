{% macro receivable_age_buckets() -%}
    {#- Ages of what is past due, as in the seed receivable_age_buckets: columns need names before a seed can be read. -#}
    {{ return(['1_30_days', '31_60_days', '61_90_days', 'over_90_days']) }}
{%- endmacro %}
