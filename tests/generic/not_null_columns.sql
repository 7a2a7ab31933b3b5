{% test not_null_columns(model, columns) %}
    {#- One scan for many columns: a row for each row that lacks one of them. -#}
    select *
    from {{ model }}
    where
        {% for column in columns -%}
        {{ column }} is null{% if not loop.last %} or {% endif %}
        {%- endfor %}
{% endtest %}
