-- Licensed seats of an account as they were known at the end of each day: a later change never moves an earlier day.
-- Grain: one row an account_id and as_of_date, dense; null before the first number is known.
with account_days as (
    select * from {{ ref('int_account_days') }}
),

group_versions as (
    select * from {{ ref('stg_product__group_versions') }}
    where group_type = 'organization' and seats_count is not null
),

identities as (
    select * from {{ ref('int_account_identities') }}
    where source_system = 'product' and account_id is not null
),

first_days as (
    select
        account_id,
        min(as_of_date) as first_date
    from account_days
    group by account_id
),

seat_changes as (
    select
        product_group_id,
        known_date,
        seats_count - lag(seats_count, 1, 0) over (
            partition by product_group_id
            order by known_date
        ) as seats_change
    from group_versions
),

account_changes as (
    select
        identities.account_id,
        -- What was known before the account started holds on its first day.
        greatest(seat_changes.known_date, first_days.first_date) as as_of_date,
        sum(seat_changes.seats_change) as seats_change
    from seat_changes
    inner join identities
        on seat_changes.product_group_id = identities.source_id
    inner join first_days
        on identities.account_id = first_days.account_id
    group by
        identities.account_id,
        greatest(seat_changes.known_date, first_days.first_date)
),

final as (
    select
        account_days.account_id,
        account_days.as_of_date,
        cast(
            sum(account_changes.seats_change) over (
                partition by account_days.account_id
                order by account_days.as_of_date
                rows between unbounded preceding and current row
            ) as bigint
        ) as seats_count
    from account_days
    left join account_changes
        on
            account_days.account_id = account_changes.account_id
            and account_days.as_of_date = account_changes.as_of_date
)

select * from final
