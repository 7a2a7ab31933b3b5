-- The spine: every day of every customer, from the later of its start and the first day of any feed to the clock.
-- Grain: one row an account_id and as_of_date.
with accounts as (
    select * from {{ ref('int_accounts') }}
    where is_customer and started_date is not null
),

days as (
    select * from {{ ref('util_days') }}
),

final as (
    select
        accounts.account_id,
        days.calendar_date as as_of_date,
        {{ dbt.datediff('accounts.started_date', 'days.calendar_date', 'day') }} as account_age_days
    from accounts
    inner join days
        on accounts.started_date <= days.calendar_date
)

select * from final
