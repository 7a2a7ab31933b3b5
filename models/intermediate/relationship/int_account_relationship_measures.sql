-- Relationship of every customer on every day: touches, open opportunities, champions.
-- Grain: one row an account_id and as_of_date.
{%- set running = 'over (
            partition by account_days.account_id
            order by account_days.as_of_date asc nulls last
            rows between unbounded preceding and current row
        )' %}
with account_days as (
    select * from {{ ref('int_account_days') }}
),

changes as (
    select * from {{ ref('int_account_relationship_changes') }}
),

summed as (
    select
        account_days.account_id,
        account_days.as_of_date,
        sum(coalesce(changes.touches_change, 0)) {{ running }} as touches_90d_count,
        sum(coalesce(changes.opportunities_change, 0)) {{ running }} as open_opportunities_count,
        sum(coalesce(changes.renewals_change, 0)) {{ running }} as open_renewals_count,
        sum(coalesce(changes.upsells_change, 0)) {{ running }} as open_upsells_count,
        sum(coalesce(changes.champions_left_change, 0)) {{ running }} as champions_left_90d_count,
        sum(coalesce(changes.champions_change, 0)) {{ running }} as active_champions_count,
        max(changes.last_touch_date) {{ running }} as last_touch_date
    from account_days
    left join changes
        on
            account_days.account_id = changes.account_id
            and account_days.as_of_date = changes.as_of_date
),

final as (
    select
        account_id,
        as_of_date,
        {{ dbt.datediff('last_touch_date', 'as_of_date', 'day') }} as days_since_last_touch,
        cast(touches_90d_count as bigint) as touches_90d_count,
        cast(open_opportunities_count as bigint) as open_opportunities_count,
        cast(open_renewals_count as bigint) as open_renewals_count,
        cast(open_upsells_count as bigint) as open_upsells_count,
        cast(champions_left_90d_count as bigint) as champions_left_90d_count,
        cast(active_champions_count as bigint) as active_champions_count,
        last_touch_date
    from summed
)

select * from final
