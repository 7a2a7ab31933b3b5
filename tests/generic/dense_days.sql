{% test dense_days(model, group_column, date_column) %}
    {#- No day is missing between the first and the last day of each group. -#}
    select
        {{ group_column }},
        min({{ date_column }}) as first_date,
        max({{ date_column }}) as last_date,
        count(*) as days_count
    from {{ model }}
    group by {{ group_column }}
    having count(*) <> {{ dbt.datediff('min(' ~ date_column ~ ')', 'max(' ~ date_column ~ ')', 'day') }} + 1
{% endtest %}
