{% macro surrogate_key(columns) -%}
    {#- A null and an empty string give different keys. -#}
    md5(
        concat_ws(
            '|',
            {%- for column in columns %}
            coalesce(cast({{ column }} as {{ dbt.type_string() }}), '<null>')
            {%- if not loop.last %},{% endif %}
            {%- endfor %}
        )
    )
{%- endmacro %}
