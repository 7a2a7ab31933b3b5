{% macro empty_if_clock_moved_back(relation) -%}
    {#- Pre-hook of a model that is incremental by day: when the clock stands before rows that the table was built from,
        what the table holds was not known yet, and the same transaction rebuilds everything from what was. -#}
    {%- if is_incremental() -%}
        delete from {{ relation }}
        where {{ as_of_date() }} < (select max(built.built_as_of_date) from {{ relation }} as built)
    {%- endif -%}
{%- endmacro %}
