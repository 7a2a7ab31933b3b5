{% macro email_hash(column) -%}
    {#- Hash of an e-mail address, to tell the same person in two systems without the address; null where it is none.
        Whoever has the address can compute it: it stays with the private models. -#}
    case when {{ email_domain(column) }} is not null then md5(lower(trim({{ column }}))) end
{%- endmacro %}
