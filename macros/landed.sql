{% macro landed(system, table) -%}
    {#- Rows of one raw table that a completed load brought, that were known at the clock, and that no newer version of
        their file superseded. -#}
    {%- set file = 'file' if table in ('landed_files', 'rejected_rows') else '_source_file' -%}
    (
        select raw_rows.*
        from {{ source('raw_' ~ system, table) }} as raw_rows
        inner join {{ source('raw_' ~ system, '_dlt_loads') }} as loads
            on raw_rows._dlt_load_id = loads.load_id
        left join {{ superseded_files(system) }} as superseded
            on
                raw_rows.{{ file }} = superseded.file
                and raw_rows._dlt_load_id = superseded._dlt_load_id
        where
            loads.status = 0
            and raw_rows._drop_date <= {{ as_of_date() }}
            and superseded.file is null
    )
{%- endmacro %}
