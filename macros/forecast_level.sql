{% macro forecast_level(weeks) -%}
    {#- Mean of the known weeks, each worth so many times as much as the one after it; null without any. -#}
    {%- set decay = var('forecast_level_decay') -%}
    (
        {%- for week in range(weeks) %}
        {{ '+ ' if week }}coalesce(week_{{ week }}_credits, 0) * {{ decay ** week }}
        {%- endfor %}
    )
    / nullif(
        {%- for week in range(weeks) %}
        {{ '+ ' if week }}case when week_{{ week }}_credits is not null then {{ decay ** week }} else 0 end
        {%- endfor %}, 0
    )
{%- endmacro %}
