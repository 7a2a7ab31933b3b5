{% macro usd_cents(minor_units, usd_cents_per_minor_unit) -%}
    {#- Whole minor units of any currency to whole US cents; halves away from zero. -#}
    cast(round(cast({{ minor_units }} as decimal(18, 0)) * {{ usd_cents_per_minor_unit }}, 0) as bigint)
{%- endmacro %}
