-- Payments of each account at the end of each day: what it owes, what failed, what is disputed; events of 90 days.
-- Amounts in US cents. Grain: one row an account_id and as_of_date.
with account_days as (
    select * from {{ ref('int_account_days') }}
),

changes as (
    select * from {{ ref('int_account_payment_changes') }}
),

joined as (
    select
        account_days.account_id,
        {%- for fact in account_payment_facts('state') + account_payment_facts('event') %}
        coalesce(changes.{{ fact }}_change, 0) as {{ fact }}_change,
        {%- endfor %}
        account_days.as_of_date
    from account_days
    left join changes
        on
            account_days.account_id = changes.account_id
            and account_days.as_of_date = changes.change_date
),

final as (
    select
        account_id,
        {%- for fact in account_payment_facts('state') %}
        cast(
            sum({{ fact }}_change) over (
                partition by account_id
                order by as_of_date
                rows between unbounded preceding and current row
            ) as bigint
        ) as {{ fact }},
        {%- endfor %}
        {%- for fact in account_payment_facts('event') %}
        cast(sum({{ fact }}_change) over {{ trailing_frame(90) }} as bigint) as {{ fact }}_90d,
        {%- endfor %}
        billed_change as billed_today,
        count(*) over {{ trailing_frame(90) }} as window_days,
        as_of_date
    from joined
)

select * from final
