{% macro superseded_files(system) -%}
    {#- Landings of files that landed again with other content: the load whose rows no longer count, and the first load
        that superseded it. Few, so that joining them to large raw tables costs next to nothing. -#}
    (
        select
            versions.file,
            versions._dlt_load_id,
            versions.superseding_load_id
        from (
            select
                landed_files.file,
                landed_files._dlt_load_id,
                lead(landed_files._dlt_load_id) over (
                    partition by landed_files.file
                    order by coalesce(landed_files.version, 1) asc
                ) as superseding_load_id
            from {{ source('raw_' ~ system, 'landed_files') }} as landed_files
            inner join {{ source('raw_' ~ system, '_dlt_loads') }} as loads
                on landed_files._dlt_load_id = loads.load_id
            where loads.status = 0
        ) as versions
        where versions.superseding_load_id is not null
    )
{%- endmacro %}
