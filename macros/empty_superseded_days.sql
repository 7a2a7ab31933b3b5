{% macro empty_superseded_days(relation) -%}
    {#- Pre-hook of a model that is incremental by event day: a day that a changed file emptied is in no new row that could
        replace it. Days that only shrank are computed anew in the same transaction. -#}
    {%- if is_incremental() -%}
        delete from {{ relation }}
        where event_date in (
            select days.event_date
            from {{ ref('stg_product__superseded_days') }} as days
            where days.superseding_load_id > (select max(built.built_load_id) from {{ relation }} as built)
        )
    {%- endif -%}
{%- endmacro %}
