-- Whether an account used the product within the last `activity_retention_days` days up to the end of each month.
-- Grain: one row an account_id and month_start_date.
with account_months as (
    select * from {{ ref('int_account_months') }}
),

used_months as (
    select
        account_id,
        cast({{ dbt.date_trunc('month', 'as_of_date') }} as date) as month_start_date,
        max(as_of_date) as last_used_date
    from {{ ref('int_account_usage_days') }}
    where events_count > 0
    group by account_id, cast({{ dbt.date_trunc('month', 'as_of_date') }} as date)
),

running as (
    select
        account_months.account_id,
        account_months.month_start_date,
        account_months.month_end_date,
        max(used_months.last_used_date) over (
            partition by account_months.account_id
            order by account_months.month_start_date
            rows between unbounded preceding and current row
        ) as last_used_date
    from account_months
    left join used_months
        on
            account_months.account_id = used_months.account_id
            and account_months.month_start_date = used_months.month_start_date
),

final as (
    select
        account_id,
        month_start_date,
        coalesce(
            {{ dbt.datediff('last_used_date', 'month_end_date', 'day') }}
            < {{ var('activity_retention_days') }},
            false
        ) as is_active,
        last_used_date
    from running
)

select * from final
