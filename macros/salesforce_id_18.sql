{% macro salesforce_id_18(column) -%}
    {#- Salesforce ids are case sensitive with 15 characters; the 18-character form appends one character per block of
        five that encodes which of the five are upper case. Ids of any other length pass unchanged. -#}
    case
        when length({{ column }}) = 15
            then concat(
                {{ column }}
                {%- for block in range(3) %},
                substring(
                    'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345',
                    1
                    {%- for position in range(5) %}
                    + case
                        when substring({{ column }}, {{ block * 5 + position + 1 }}, 1) between 'A' and 'Z'
                            then {{ 2 ** position }} else 0
                    end
                    {%- endfor %},
                    1
                )
                {%- endfor %}
            )
        else {{ column }}
    end
{%- endmacro %}
