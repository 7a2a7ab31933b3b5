-- Whether people of the customer take part: when they last talked with us, and how many whom we know use the product.
-- Grain: one row an account_id and as_of_date, dense.
{%- set running = 'over (
            partition by account_days.account_id
            order by account_days.as_of_date asc nulls last
            rows between unbounded preceding and current row
        )' %}

with account_days as (
    select * from {{ ref('int_account_days') }}
),

touches as (
    select * from {{ ref('int_account_touches') }}
    where two_way_touches_count > 0
),

contact_periods as (
    select * from {{ ref('int_crm_contact_periods') }}
),

stakeholder_spans as (
    select * from {{ ref('int_account_stakeholder_spans') }}
),

usage_windows as (
    select * from {{ ref('int_account_usage_windows') }}
),

first_days as (
    select
        account_id,
        min(as_of_date) as first_date
    from account_days
    group by account_id
),

changes as (
    select account_id, touch_date as change_date, touch_date, 0 as contacts_change, 0 as stakeholders_change
    from touches
    union all
    select account_id, valid_from_date, null, 1, 0
    from contact_periods
    union all
    select account_id, active_from_date, null, 0, 1
    from stakeholder_spans
    union all
    select account_id, active_to_date, null, 0, -1
    from stakeholder_spans
),

-- What happened before the first day of the account is booked on that day.
daily_changes as (
    select
        changes.account_id,
        greatest(changes.change_date, first_days.first_date) as as_of_date,
        max(changes.touch_date) as touch_date,
        sum(changes.contacts_change) as contacts_change,
        sum(changes.stakeholders_change) as stakeholders_change
    from changes
    inner join first_days on changes.account_id = first_days.account_id
    group by changes.account_id, greatest(changes.change_date, first_days.first_date)
),

summed as (
    select
        account_days.account_id,
        account_days.as_of_date,
        max(daily_changes.touch_date) {{ running }} as last_two_way_touch_date,
        sum(coalesce(daily_changes.contacts_change, 0)) {{ running }} as contacts_to_date_count,
        sum(coalesce(daily_changes.stakeholders_change, 0)) {{ running }} as stakeholders_count
    from account_days
    left join daily_changes
        on
            account_days.account_id = daily_changes.account_id
            and account_days.as_of_date = daily_changes.as_of_date
),

final as (
    select
        ---------- keys
        summed.account_id,
        summed.as_of_date,

        ---------- numbers
        {{ dbt.datediff('summed.last_two_way_touch_date', 'summed.as_of_date', 'day') }}
            as days_since_two_way_touch,
        -- Nobody in the CRM who could be found in the product is nothing known, not nobody active.
        case
            when summed.contacts_to_date_count > 0 and usage_windows.known_days_28d_count > 0
                then cast(summed.stakeholders_count as bigint)
        end as active_stakeholders_28d_count
    from summed
    inner join usage_windows
        on
            summed.account_id = usage_windows.account_id
            and summed.as_of_date = usage_windows.as_of_date
)

select * from final
