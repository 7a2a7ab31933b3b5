{% macro email_domain(column) -%}
    {#- Lower-case domain of an e-mail address; null when there is no single @ with text on both sides. Not by split_part:
        DuckDB 2.0.0 cannot bind it over a column that it knows to be all null. -#}
    case
        when trim({{ column }}) like '_%@_%' and trim({{ column }}) not like '%@%@%'
            then regexp_replace(lower(trim({{ column }})), '^.*@', '')
    end
{%- endmacro %}
