-- Detects tickets lost or doubled between Zendesk and the accounts: every exported ticket is one row of int_tickets, and
-- all tickets of accounts that count (created since the account began) are created on exactly one day.
with first_days as (
    select
        account_id,
        min(as_of_date) as first_day
    from {{ ref('int_account_days') }}
    group by account_id
),

exported as (
    select count(*) as exported_count from {{ ref('stg_zendesk__tickets') }}
),

kept as (
    select count(*) as kept_count from {{ ref('int_tickets') }}
),

countable as (
    select count(*) as countable_count
    from {{ ref('int_tickets') }} as tickets
    inner join first_days
        on
            tickets.account_id = first_days.account_id
            and tickets.created_date >= first_days.first_day
    where tickets.is_counted
),

created as (
    select coalesce(sum(created_change), 0) as created_count
    from {{ ref('int_account_support_changes') }}
)

select
    exported.exported_count,
    kept.kept_count,
    countable.countable_count,
    created.created_count
from exported
cross join kept
cross join countable
cross join created
where
    exported.exported_count <> kept.kept_count
    or countable.countable_count <> created.created_count
