{% macro duckdb__snapshot_get_time() -%}
    {#- Snapshots live on the one clock too: a replayed night dates its changes as that night did.
        A snapshot written in YAML cannot declare a ref() of its own, so the clock's table is taken from the graph; the
        snapshot hangs on it through everything that it reads. -#}
    {%- if execute -%}
        {%- set clock = graph.nodes['model.' ~ project_name ~ '.util_as_of'].relation_name -%}
        {%- set as_of = run_query('select as_of_date from ' ~ clock).columns[0].values()[0] -%}
        cast('{{ as_of }}' as timestamp)
    {%- else -%}
        cast(null as timestamp)
    {%- endif -%}
{%- endmacro %}

{% macro spark__snapshot_get_time() -%}
    {{ return(duckdb__snapshot_get_time()) }}
{%- endmacro %}
