{% macro feed_systems() -%}
    {#- Systems whose exports are judged; each has a model stg_<system>__deliveries. -#}
    {{ return(['product', 'crm', 'billing', 'zendesk']) }}
{%- endmacro %}
