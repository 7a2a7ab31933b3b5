{% macro measure_number(measure) -%}
    {#- A measure of any size as an exact decimal; one that does not fit is the largest that does. -#}
    {%- set largest = '999999999999' %}
    case
        when {{ measure }} > {{ largest }} then cast({{ largest }} as decimal(18, 6))
        when {{ measure }} < -{{ largest }} then cast(-{{ largest }} as decimal(18, 6))
        else cast({{ measure }} as decimal(18, 6))
    end
{%- endmacro %}
