-- What each user did in each use case of each team, in periods of 28 days that end at the clock: period 0 is the last 28
-- days, period 1 the 28 before. Sparse, so that its size follows from usage and not from what could have been used.
-- Grain: one row an account_id, workspace_id, use_case_id, product_user_id and periods_ago with use on a known day.
with clock as (
    select * from {{ ref('util_as_of') }}
),

usage_facts as (
    select * from {{ ref('int_account_usage_facts') }}
    where use_case_id <> ''
),

aged as (
    select
        usage_facts.*,
        {{ dbt.datediff('usage_facts.as_of_date', 'clock.as_of_date', 'day') }} as days_ago
    from usage_facts
    cross join clock
),

final as (
    select
        account_id,
        workspace_id,
        use_case_id,
        product_user_id,
        {{ floor_divide('days_ago', 28) }} as periods_ago,
        count(distinct as_of_date) as used_days_count,
        {%- for week in range(4) %}
        max(case when {{ floor_divide('days_ago', 7) }} % 4 = {{ week }} then 1 else 0 end)
            as week_{{ week }}_used,
        {%- endfor %}
        cast(sum(events_count) as bigint) as events_count,
        cast(sum(key_actions_count) as bigint) as key_actions_count,
        cast(sum(credits) as decimal(24, 6)) as credits,
        min(as_of_date) as first_used_date,
        max(as_of_date) as last_used_date,
        min(case when key_actions_count > 0 then as_of_date end) as first_value_date
    from aged
    group by
        account_id, workspace_id, use_case_id, product_user_id, {{ floor_divide('days_ago', 28) }}
)

select * from final
