{% macro landed(system, table) -%}
    {#- Rows of one raw table that a completed load brought and that were known at the clock. -#}
    (
        select raw_rows.*
        from {{ source('raw_' ~ system, table) }} as raw_rows
        inner join {{ source('raw_' ~ system, '_dlt_loads') }} as loads
            on raw_rows._dlt_load_id = loads.load_id
        where
            loads.status = 0
            and raw_rows._drop_date <= {{ as_of_date() }}
    )
{%- endmacro %}
