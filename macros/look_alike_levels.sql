{% macro look_alike_levels() -%}
    {#- What makes accounts look alike, from the coarsest to the finest: each level adds its column to those before. -#}
    {{ return([
        'adoption_state', 'account_age_class', 'plan', 'use_case_id', 'size_tier', 'adopted_set', 'industry',
    ]) }}
{%- endmacro %}
