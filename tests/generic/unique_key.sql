{% test unique_key(model, columns, nullable=[]) %}
    {#- The grain: no key twice, and no null in it but where null stands for "any". -#}
    select
        {{ columns | join(', ') }},
        count(*) as rows_count
    from {{ model }}
    group by {{ columns | join(', ') }}
    having
        count(*) > 1
        {% for column in columns if column not in nullable -%}
        or {{ column }} is null
        {% endfor %}
{% endtest %}
