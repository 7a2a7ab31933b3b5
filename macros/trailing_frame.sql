{% macro trailing_frame(window_days, group_column='account_id', date_column='as_of_date') -%}
    {#- The last so many days of an account, today included; on dense days only. -#}
    (
        partition by {{ group_column }} order by {{ date_column }} asc nulls last
        rows between {{ window_days - 1 }} preceding and current row
    )
{%- endmacro %}
