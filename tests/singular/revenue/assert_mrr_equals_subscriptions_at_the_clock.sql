-- Detects drift of the running totals: at the clock the MRR of each account must be the sum of its items that are live
-- then, and its arrears the sum of its invoices that are past due then.
with clock as (
    select as_of_date from {{ ref('util_as_of') }}
),

items as (
    select
        item_periods.account_id,
        sum(item_periods.mrr_cents) as mrr_cents
    from {{ ref('int_subscription_item_periods') }} as item_periods
    cross join clock
    where
        item_periods.valid_from_date <= clock.as_of_date
        and (item_periods.valid_to_date is null or item_periods.valid_to_date > clock.as_of_date)
    group by item_periods.account_id
),

arrears as (
    select
        invoices.account_id,
        sum(invoices.owed_cents) as past_due_cents,
        max({{ dbt.datediff('invoices.overdue_from_date', 'clock.as_of_date', 'day') }})
            as days_past_due
    from {{ ref('int_invoices_attributed') }} as invoices
    cross join clock
    where
        invoices.was_overdue
        and invoices.overdue_from_date <= clock.as_of_date
        and (invoices.settled_date is null or invoices.settled_date > clock.as_of_date)
    group by invoices.account_id
)

select states.account_id
from {{ ref('int_account_commercial_states') }} as states
inner join clock on states.as_of_date = clock.as_of_date
left join items on states.account_id = items.account_id
left join arrears on states.account_id = arrears.account_id
where
    states.mrr_cents <> coalesce(items.mrr_cents, 0)
    or states.past_due_cents <> coalesce(arrears.past_due_cents, 0)
    or states.days_past_due <> coalesce(arrears.days_past_due, 0)
