{% macro rolling_distinct_count(starts, ends, window_days, group_column, date_column) -%}
    {#- Exact distinct entities of a trailing window, on dense days: stretches started until today less stretches
        that ended until today; a stretch ends one window after its last use. -#}
    cast(
        coalesce(sum({{ starts }}) over (
            partition by {{ group_column }} order by {{ date_column }} asc nulls last
            rows between unbounded preceding and current row
        ), 0)
        - coalesce(sum({{ ends }}) over (
            partition by {{ group_column }} order by {{ date_column }} asc nulls last
            rows between unbounded preceding and {{ window_days }} preceding
        ), 0) as bigint
    )
{%- endmacro %}
