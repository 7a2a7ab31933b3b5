{% macro website_domain(column) -%}
    {#- Lower-case host of a web address as people type it: without scheme, www., path, port and query. -#}
    nullif(
        regexp_replace(
            regexp_replace(lower(trim({{ column }})), '^([a-z]+://)?(www\.)?', ''),
            '[/:?#].*$', ''
        ),
        ''
    )
{%- endmacro %}
