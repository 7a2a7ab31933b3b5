{% macro newest_version(system, table, key, changed_column=none) -%}
    {#- Per key the newest version of a raw table known at the clock: by the vendor's own change column where it has one,
        then by drop day; file and load only make ties deterministic. -#}
    (
        select versions.*
        from (
            select
                landed_rows.*,
                row_number() over (
                    partition by {{ key }}
                    order by
                        {%- if changed_column %}
                        {{ changed_column }} desc nulls last,
                        {%- endif %}
                        _drop_date desc,
                        _source_file desc,
                        _dlt_load_id desc
                ) as version_rank
            from {{ landed(system, table) }} as landed_rows
        ) as versions
        where versions.version_rank = 1
    )
{%- endmacro %}
