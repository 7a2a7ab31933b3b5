{% macro adoption_rule_holds(measures='measures', rules='rules') -%}
    {#- Whether a row of use_case_adoption_rules holds for a row of measures. A threshold that a rule leaves empty always holds; a
        measure that is null never reaches a threshold. -#}
    (
        ({{ rules }}.is_used is null or {{ measures }}.is_used = {{ rules }}.is_used)
        {%- for measure in [
            'days_since_last_use', 'active_weeks_28d_count', 'previous_active_weeks_28d_count',
            'users_28d_count', 'credits_change_28d_pct',
        ] %}
        and (
            {{ rules }}.min_{{ measure }} is null
            or {{ measures }}.{{ measure }} >= {{ rules }}.min_{{ measure }}
        )
        {%- endfor %}
        and (
            {{ rules }}.max_credits_change_28d_pct is null
            or {{ measures }}.credits_change_28d_pct <= {{ rules }}.max_credits_change_28d_pct
        )
    )
{%- endmacro %}
