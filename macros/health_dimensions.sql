{% macro health_dimensions() -%}
    {#- The dimensions of the health score, in the order in which they are shown. -#}
    {{ return(['usage', 'adoption', 'commercial', 'support', 'relationship']) }}
{%- endmacro %}
