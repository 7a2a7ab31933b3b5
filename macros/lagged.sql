{% macro lagged(column, days, group_column='account_id', date_column='as_of_date') -%}
    {#- The column so many days earlier; on dense days only. -#}
    lag({{ column }}, {{ days }}) over (
        partition by {{ group_column }} order by {{ date_column }} asc nulls last
    )
{%- endmacro %}
