{% macro rule_holds(comparison, value, threshold) -%}
    {#- Whether a rule of a seed holds: never for a missing value, unless the rule asks for that. -#}
    (
        ({{ comparison }} = 'at_least' and {{ value }} >= {{ threshold }})
        or ({{ comparison }} = 'less_than' and {{ value }} < {{ threshold }})
        or ({{ comparison }} = 'is_missing' and {{ value }} is null)
    )
{%- endmacro %}
