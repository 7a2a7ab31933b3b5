-- What an account, or a team, of a plan and size spends a month on a use case once it has adopted it: quartiles of look-alikes.
-- With too few of them those of the plan, and then all, stand in.
-- Grain: one row an entity_type, use_case_id, plan and size_tier of accounts at the clock.
{%- set groups = [['plan', 'size_tier'], ['plan'], []] %}

with amounts as (
    select * from {{ ref('int_expansion_amounts') }}
),

accounts as (
    select * from {{ ref('int_expansion_accounts') }}
    where periods_ago = 0
),

placed as (
    select
        amounts.entity_type,
        amounts.use_case_id,
        amounts.monthly_usd,
        accounts.plan,
        accounts.size_tier
    from amounts
    inner join accounts
        on amounts.account_id = accounts.account_id
),

{% for group in groups -%}
quartiles_{{ loop.index0 }} as (
    select
        entity_type,
        use_case_id,
        {%- for column in group %}
        {{ column }},
        {%- endfor %}
        count(*) as look_alikes_count,
        {%- for quartile in [25, 50, 75] %}
        percentile_cont({{ quartile / 100 }}) within group (order by monthly_usd)
            as p{{ quartile }}_monthly_usd
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from placed
    group by entity_type, use_case_id{% for column in group %}, {{ column }}{% endfor %}
    having count(*) >= {{ var('expansion_minimum_look_alikes') }}
),

{% endfor -%}
adopted_kinds as (
    select distinct
        entity_type,
        use_case_id
    from placed
),

account_kinds as (
    select distinct
        plan,
        size_tier
    from accounts
),

kinds as (
    select
        adopted_kinds.entity_type,
        adopted_kinds.use_case_id,
        account_kinds.plan,
        account_kinds.size_tier
    from adopted_kinds
    cross join account_kinds
),

final as (
    select
        kinds.entity_type,
        kinds.use_case_id,
        kinds.plan,
        kinds.size_tier,
        {%- for measure in ['p25_monthly_usd', 'p50_monthly_usd', 'p75_monthly_usd', 'look_alikes_count'] %}
        coalesce(
            quartiles_0.{{ measure }}, quartiles_1.{{ measure }}, quartiles_2.{{ measure }}
        ) as {{ measure }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from kinds
    {%- for group in groups %}
    {%- set quartiles = 'quartiles_' ~ loop.index0 %}
    left join {{ quartiles }}
        on
            kinds.entity_type = {{ quartiles }}.entity_type
            and kinds.use_case_id = {{ quartiles }}.use_case_id
            {%- for column in group %}
            and kinds.{{ column }} = {{ quartiles }}.{{ column }}
            {%- endfor %}
    {%- endfor %}
)

select * from final
