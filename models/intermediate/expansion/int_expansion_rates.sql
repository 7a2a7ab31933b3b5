-- What became of earlier candidates like these, by what was known on the day: only those whose horizon had ended by then.
-- Grain: one row a look_alike_level, look_alike_key and periods_ago that has candidates.
{%- set horizon = var('expansion_horizon_days') // 28 %}

with candidates as (
    select * from {{ ref('int_expansion_candidates') }}
),

counted as (
    {%- for column in look_alike_levels() %}
    select
        {{ loop.index0 }} as look_alike_level,
        {{ look_alike_key(loop.index0) }} as look_alike_key,
        periods_ago,
        count(*) as candidates_count,
        coalesce(sum(adopted_later), 0) as adopted_count
    from candidates
    group by {{ look_alike_key(loop.index0) }}, periods_ago
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        counted.look_alike_level,
        counted.look_alike_key,
        counted.periods_ago,
        cast(coalesce(sum(earlier.candidates_count), 0) as bigint) as candidates_count,
        cast(coalesce(sum(earlier.adopted_count), 0) as bigint) as adopted_count
    from counted
    left join counted as earlier
        on
            counted.look_alike_level = earlier.look_alike_level
            and counted.look_alike_key = earlier.look_alike_key
            and counted.periods_ago + {{ horizon }} <= earlier.periods_ago
    group by counted.look_alike_level, counted.look_alike_key, counted.periods_ago
)

select * from final
