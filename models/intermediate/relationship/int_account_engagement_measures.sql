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

changes as (
    select * from {{ ref('int_account_engagement_changes') }}
),

usage_windows as (
    select * from {{ ref('int_account_usage_windows') }}
),

summed as (
    select
        account_days.account_id,
        account_days.as_of_date,
        max(changes.last_two_way_touch_date) {{ running }} as last_two_way_touch_date,
        sum(coalesce(changes.contacts_change, 0)) {{ running }} as contacts_to_date_count,
        sum(coalesce(changes.stakeholders_change, 0)) {{ running }} as stakeholders_count
    from account_days
    left join changes
        on
            account_days.account_id = changes.account_id
            and account_days.as_of_date = changes.as_of_date
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
