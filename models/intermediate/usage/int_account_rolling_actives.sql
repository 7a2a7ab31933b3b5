-- Exact distinct users, teams, features and use cases of trailing windows. Each use opens a window; the windows of one
-- entity merge into stretches; who is active today is stretches started less stretches ended. One pass, no range join.
-- Grain: one row an account_id and as_of_date, dense.
{%- set windows = [
    ('user', 7), ('user', 28), ('user', 90), ('team', 28), ('feature', 28), ('use_case', 28),
] %}

with account_days as (
    select * from {{ ref('int_account_days') }}
),

entity_days as (
    select * from {{ ref('int_account_entity_days') }}
    where is_known_entity
),

entity_uses as (
    select
        account_id,
        as_of_date,
        entity_type,
        lag(as_of_date) over (
            partition by account_id, entity_type, entity_id order by as_of_date asc nulls last
        ) as previous_use_date,
        lead(as_of_date) over (
            partition by account_id, entity_type, entity_id order by as_of_date asc nulls last
        ) as next_use_date
    from entity_days
),

gaps as (
    select
        account_id,
        as_of_date,
        entity_type,
        {{ dbt.datediff('previous_use_date', 'as_of_date', 'day') }} as days_since_previous_use,
        {{ dbt.datediff('as_of_date', 'next_use_date', 'day') }} as days_to_next_use
    from entity_uses
),

edges as (
    select
        account_id,
        as_of_date,
        {%- for entity_type, window_days in windows %}
        {{ window_starts_count(entity_type, window_days) }}
            as {{ entity_type }}_starts_{{ window_days }}d_count,
        {{ window_ends_count(entity_type, window_days) }}
            as {{ entity_type }}_ends_{{ window_days }}d_count,
        {%- endfor %}
        count(*) filter (where entity_type = 'use_case' and days_since_previous_use is null)
            as use_cases_added_count
    from gaps
    group by account_id, as_of_date
),

final as (
    select
        account_days.account_id,
        account_days.as_of_date,
        {%- for entity_type, window_days in windows %}
        {{ rolling_distinct_count(
            'edges.' ~ entity_type ~ '_starts_' ~ window_days ~ 'd_count',
            'edges.' ~ entity_type ~ '_ends_' ~ window_days ~ 'd_count',
            window_days, 'account_days.account_id', 'account_days.as_of_date',
        ) }} as active_{{ entity_type }}s_{{ window_days }}d_count,
        {%- endfor %}
        cast(coalesce(sum(edges.use_cases_added_count) over (
            partition by account_days.account_id order by account_days.as_of_date asc nulls last
            rows between 89 preceding and current row
        ), 0) as bigint) as use_cases_added_90d_count
    from account_days
    left join edges
        on
            account_days.account_id = edges.account_id
            and account_days.as_of_date = edges.as_of_date
)

select * from final
