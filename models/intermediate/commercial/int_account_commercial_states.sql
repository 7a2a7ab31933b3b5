-- State of the money side of each account at the end of each day, in US cents.
-- Grain: one row an account_id and as_of_date.
with account_days as (
    select * from {{ ref('int_account_days') }}
),

changes as (
    select * from {{ ref('int_account_commercial_changes') }}
),

joined as (
    select
        account_days.account_id,
        account_days.as_of_date,
        changes.subscription_ended_day_number,
        {% for change_type in [
            'mrr', 'metered', 'past_due', 'oldest_overdue_day', 'credit_balance',
            'active_subscriptions', 'failed_payments',
        ] -%}
        coalesce(changes.{{ change_type }}_change, 0) as {{ change_type }}_change
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from account_days
    left join changes
        on
            account_days.account_id = changes.account_id
            and account_days.as_of_date = changes.change_date
),

running as (
    select
        account_id,
        as_of_date,
        failed_payments_change,
        {% for change_type in [
            'mrr', 'metered', 'past_due', 'oldest_overdue_day', 'credit_balance',
            'active_subscriptions',
        ] -%}
        cast(
            sum({{ change_type }}_change) over (
                partition by account_id
                order by as_of_date
                rows between unbounded preceding and current row
            ) as bigint
        ) as {{ change_type }}_total,
        {% endfor -%}
        max(subscription_ended_day_number) over (
            partition by account_id
            order by as_of_date
            rows between unbounded preceding and current row
        ) as last_ended_day_number,
        max(case when mrr_change < 0 then as_of_date end) over (
            partition by account_id
            order by as_of_date
            rows between unbounded preceding and current row
        ) as mrr_decreased_date
    from joined
),

final as (
    select
        account_id,
        mrr_total as mrr_cents,
        metered_total as closed_metered_cents,
        past_due_total as past_due_cents,
        credit_balance_total as credit_balance_cents,
        active_subscriptions_total as active_subscriptions_count,
        cast(
            sum(failed_payments_change) over (
                partition by account_id
                order by as_of_date
                rows between 27 preceding and current row
            ) as bigint
        ) as failed_payments_28d_count,
        case
            when past_due_total <> 0
                then
                    {{ dbt.datediff("cast('1970-01-01' as date)", 'as_of_date', 'day') }}
                    - oldest_overdue_day_total
            else 0
        end as days_past_due,
        case
            when active_subscriptions_total = 0
                then
                    cast(
                        {{ dbt.dateadd(
                            'day', 'cast(last_ended_day_number as int)', "cast('1970-01-01' as date)"
                        ) }} as date
                    )
        end as subscription_ended_date,
        mrr_decreased_date,
        as_of_date
    from running
)

select * from final
