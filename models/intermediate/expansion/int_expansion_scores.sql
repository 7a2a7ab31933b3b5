-- How likely each candidate is to be adopted within the horizon: the rate of its look-alikes, each finer group pulled towards
-- the coarser one as strongly as it is small. Beside it popularity, the share of accounts that have adopted the use case.
-- Grain: one row an account_id, use_case_id and as_of_date.
{%- set levels = look_alike_levels() %}
{%- set prior = var('expansion_prior_accounts') %}
{%- set minimum = var('expansion_minimum_look_alikes') %}
{%- set rate = namespace(sql='cast(level_0.adopted_count as double) / nullif(level_0.candidates_count, 0)') %}
{%- for column in levels[1:] %}
    {%- set count = 'level_' ~ loop.index %}
    {%- set rate.sql = '(' ~ count ~ '.adopted_count + ' ~ prior ~ ' * ' ~ rate.sql ~ ') / ('
        ~ count ~ '.candidates_count + ' ~ prior ~ ')' %}
{%- endfor %}

with candidates as (
    select
        *,
        {%- for column in levels %}
        {{ look_alike_key(loop.index0) }} as level_{{ loop.index0 }}_key
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ ref('int_expansion_candidates') }}
),

rates as (
    select * from {{ ref('int_expansion_rates') }}
),

states as (
    select * from {{ ref('int_account_use_case_states') }}
),

accounts as (
    select * from {{ ref('int_expansion_accounts') }}
),

popularity as (
    select
        states.use_case_id,
        states.as_of_date,
        avg(case when states.is_adopted then 1.0 else 0.0 end) as popularity_ratio
    from states
    inner join accounts
        on states.account_id = accounts.account_id and states.as_of_date = accounts.as_of_date
    group by states.use_case_id, states.as_of_date
),

final as (
    select
        candidates.account_id,
        candidates.use_case_id,
        candidates.as_of_date,
        candidates.periods_ago,
        candidates.adoption_state,
        candidates.adopted_later,
        level_0.candidates_count as history_count,
        case
            {%- for column in levels | reverse %}
            when level_{{ loop.revindex0 }}.candidates_count >= {{ minimum }} then {{ loop.revindex0 }}
            {%- endfor %}
        end as look_alike_level,
        {%- for measure in ['candidates', 'adopted'] %}
        case
            {%- for column in levels | reverse %}
            when level_{{ loop.revindex0 }}.candidates_count >= {{ minimum }}
                then level_{{ loop.revindex0 }}.{{ measure }}_count
            {%- endfor %}
        end as look_alike_{{ measure }}_count,
        {%- endfor %}
        {{ rate.sql }} as confidence_ratio,
        cast(popularity.popularity_ratio as double) as popularity_ratio
    from candidates
    inner join popularity
        on
            candidates.use_case_id = popularity.use_case_id
            and candidates.as_of_date = popularity.as_of_date
    {%- for column in levels %}
    inner join rates as level_{{ loop.index0 }}
        on
            level_{{ loop.index0 }}.look_alike_level = {{ loop.index0 }}
            and candidates.level_{{ loop.index0 }}_key = level_{{ loop.index0 }}.look_alike_key
            and candidates.periods_ago = level_{{ loop.index0 }}.periods_ago
    {%- endfor %}
)

select * from final
