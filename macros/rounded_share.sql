{% macro rounded_share(amount, part, whole) -%}
    {#- `amount` * `part` / `whole` of whole numbers, rounded once, halves away from zero; exact at any size. -#}
    case
        when {{ amount }} < 0
            then -{{ floor_divide('2 * ' ~ wide('-(' ~ amount ~ ')') ~ ' * ' ~ part ~ ' + ' ~ whole, '2 * ' ~ whole) }}
        else {{ floor_divide('2 * ' ~ wide(amount) ~ ' * ' ~ part ~ ' + ' ~ whole, '2 * ' ~ whole) }}
    end
{%- endmacro %}
