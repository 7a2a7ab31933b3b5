-- How good recommendations of use cases have been: made again every 28 days from what was known then, and held against what
-- was adopted within the horizon and kept, and against recommending what is popular.
-- Grain: one row a population, list_scope and list_length.
with recommendations as (
    select * from {{ ref('int_expansion_recommendations') }}
),

lists as (
    {%- for scope, lengths in [
        ('account', var('expansion_account_ks')), ('book', var('expansion_book_ks')),
    ] %}
    {%- set is_last_scope = loop.last %}
    {%- for length in lengths %}
    select
        population,
        '{{ scope }}' as list_scope,
        {{ length }} as list_length,
        count(distinct as_of_date) as origins_count,
        count(*) as candidates_count,
        sum(adopted_later) as adoptions_count,
        {%- for method in ['look_alike', 'popularity'] %}
        count(case when {{ method }}_{{ scope }}_rank <= {{ length }} then 1 end)
            as {{ method }}_recommendations_count,
        sum(case when {{ method }}_{{ scope }}_rank <= {{ length }} then adopted_later else 0 end)
            as {{ method }}_hits_count
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from recommendations
    group by population
    {{ 'union all' if not (loop.last and is_last_scope) }}
    {%- endfor %}
    {%- endfor %}
),

final as (
    select
        ---------- keys
        population,
        list_scope,
        cast(list_length as bigint) as list_length,

        ---------- numbers
        cast(origins_count as bigint) as origins_count,
        cast(candidates_count as bigint) as candidates_count,
        cast(adoptions_count as bigint) as adoptions_count,
        cast(look_alike_recommendations_count as bigint) as recommendations_count,
        cast(look_alike_hits_count as bigint) as look_alike_hits_count,
        cast(popularity_hits_count as bigint) as popularity_hits_count,
        cast(adoptions_count as double) / nullif(candidates_count, 0) as base_ratio,
        {%- for method in ['look_alike', 'popularity'] %}
        cast({{ method }}_hits_count as double) / nullif({{ method }}_recommendations_count, 0)
            as {{ method }}_precision_ratio,
        cast({{ method }}_hits_count as double) / nullif(adoptions_count, 0)
            as {{ method }}_recall_ratio,
        {%- endfor %}

        ---------- booleans
        look_alike_hits_count > popularity_hits_count as is_better_than_popularity
    from lists
)

select * from final
