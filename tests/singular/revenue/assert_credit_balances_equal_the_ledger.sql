-- Detects credits that vanish or appear on the way from the ledger to the account: per account the balance at the clock
-- must be the balance that the ledger leaves in each grant, and no grant may be overdrawn.
with clock as (
    select as_of_date from {{ ref('util_as_of') }}
),

ledger as (
    select
        entries.account_id,
        sum(entries.signed_cents) as balance_cents,
        min(entries.balance_cents) as lowest_balance_cents
    from {{ ref('int_credit_ledger_entries') }} as entries
    inner join clock on entries.effective_date <= clock.as_of_date
    group by entries.account_id
)

select states.account_id
from {{ ref('int_account_commercial_states') }} as states
inner join clock on states.as_of_date = clock.as_of_date
left join ledger on states.account_id = ledger.account_id
where
    states.credit_balance_cents <> coalesce(ledger.balance_cents, 0)
    or ledger.lowest_balance_cents < 0
