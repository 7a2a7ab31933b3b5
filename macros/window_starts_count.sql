{% macro window_starts_count(entity_type, window_days) -%}
    {#- Entities whose merged stretch of trailing windows starts today: used today and not within the window before. -#}
    count(*) filter (
        where entity_type = '{{ entity_type }}'
        and (days_since_previous_use is null or days_since_previous_use >= {{ window_days }})
    )
{%- endmacro %}
