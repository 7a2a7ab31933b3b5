{% macro email_domain(column) -%}
    {#- Lower-case domain of an e-mail address; null when there is no single @ with text on both sides. -#}
    case
        when
            length(trim({{ column }})) - length(replace(trim({{ column }}), '@', '')) = 1
            and split_part(trim({{ column }}), '@', 1) <> ''
            and split_part(trim({{ column }}), '@', 2) <> ''
            then lower(split_part(trim({{ column }}), '@', 2))
    end
{%- endmacro %}
