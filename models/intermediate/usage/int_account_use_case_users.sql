-- Exact distinct users of each use case over the trailing 28 days: stretches of merged windows, as in
-- int_account_rolling_actives, of each user and use case.
-- Grain: one row an account_id and as_of_date, dense.
with account_days as (
    select * from {{ ref('int_account_days') }}
),

usage_facts as (
    select * from {{ ref('int_account_usage_facts') }}
),

uses as (
    select distinct
        account_id,
        as_of_date,
        use_case_id,
        product_user_id
    from usage_facts
    where use_case_id <> '' and product_user_id <> ''
),

neighbours as (
    select
        account_id,
        as_of_date,
        use_case_id,
        lag(as_of_date) over (
            partition by account_id, use_case_id, product_user_id order by as_of_date asc nulls last
        ) as previous_use_date,
        lead(as_of_date) over (
            partition by account_id, use_case_id, product_user_id order by as_of_date asc nulls last
        ) as next_use_date
    from uses
),

gaps as (
    select
        account_id,
        as_of_date,
        use_case_id as entity_type,
        {{ dbt.datediff('previous_use_date', 'as_of_date', 'day') }} as days_since_previous_use,
        {{ dbt.datediff('as_of_date', 'next_use_date', 'day') }} as days_to_next_use
    from neighbours
),

edges as (
    select
        account_id,
        as_of_date,
        {%- for use_case_id in use_case_ids() %}
        {{ window_starts_count(use_case_id, 28) }} as {{ use_case_id }}_starts_count,
        {{ window_ends_count(use_case_id, 28) }} as {{ use_case_id }}_ends_count
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from gaps
    group by account_id, as_of_date
),

final as (
    select
        account_days.account_id,
        account_days.as_of_date,
        {%- for use_case_id in use_case_ids() %}
        {{ rolling_distinct_count(
            'edges.' ~ use_case_id ~ '_starts_count', 'edges.' ~ use_case_id ~ '_ends_count',
            28, 'account_days.account_id', 'account_days.as_of_date',
        ) }} as {{ use_case_id }}_users_28d_count
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from account_days
    left join edges
        on
            account_days.account_id = edges.account_id
            and account_days.as_of_date = edges.as_of_date
)

select * from final
