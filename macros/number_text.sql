{% macro number_text(column) -%}
    {#- A number as people write it in a sentence: whole, or with two decimals. -#}
    case
        when {{ column }} = floor({{ column }})
            then cast(cast({{ column }} as bigint) as {{ dbt.type_string() }})
        else cast(cast({{ column }} as decimal(18, 2)) as {{ dbt.type_string() }})
    end
{%- endmacro %}
