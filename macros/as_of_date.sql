{% macro as_of_date() -%}
    (select util_as_of.as_of_date from {{ ref('util_as_of') }} as util_as_of)
{%- endmacro %}
