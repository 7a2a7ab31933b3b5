{% macro usd_cents(minor_units, usd_cents_per_minor_unit) -%}
    {#- Whole minor units of any currency to whole US cents; halves away from zero.
        Nineteen digits hold every bigint, and times a rate just fit: two decimals of 18 would have to fit into 18. -#}
    cast(round(cast({{ minor_units }} as decimal(19, 0)) * {{ usd_cents_per_minor_unit }}, 0) as bigint)
{%- endmacro %}
