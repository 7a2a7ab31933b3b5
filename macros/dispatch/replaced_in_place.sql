{% materialization table, adapter='duckdb' -%}
    {{ return(replaced_in_place('table')) }}
{%- endmaterialization %}

{% materialization view, adapter='duckdb' -%}
    {{ return(replaced_in_place('view')) }}
{%- endmaterialization %}

{% macro replaced_in_place(relation_type) -%}
    {#- Drops what has the model's name and creates the model, in one transaction: whoever reads sees the old one or the
        new one. dbt's own way (build beside it, rename twice, drop) is a third of what a small model costs. -#}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type=relation_type) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- call statement('main') -%}
        {% if existing is not none -%} drop {{ existing.type }} if exists {{ existing }}; {%- endif %}
        {% if relation_type == 'table' -%}
            {{ create_table_as(False, target, compiled_code) }}
        {%- else -%}
            {{ create_view_as(target, compiled_code) }}
        {%- endif %}
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do persist_docs(target, model) -%}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{%- endmacro %}
