{% macro window_ends_count(entity_type, window_days) -%}
    {#- Entities whose merged stretch of trailing windows has its last use today: it ends one window later. -#}
    count(*) filter (
        where entity_type = '{{ entity_type }}'
        and (days_to_next_use is null or days_to_next_use >= {{ window_days }})
    )
{%- endmacro %}
