-- Detects cents that vanish or appear on the way from the ledger to the burn-down: on every day a commit is what was
-- consumed, expired, voided, rolled over and is left, its balance is what the ledger leaves in the grant on that day, added
-- up without windows, and neither the balance nor what remains of it falls below 0: usage beyond it is overage.
with burndown as (
    select * from {{ ref('commit_burndown_daily') }}
),

ledger as (
    select
        burndown.credit_grant_id,
        burndown.as_of_date,
        {{ usd_from_cents('sum(entries.signed_cents)') }} as balance_usd
    from burndown
    inner join {{ ref('int_credit_ledger_entries') }} as entries
        on
            burndown.credit_grant_id = entries.credit_grant_id
            and burndown.as_of_date >= entries.effective_date
    group by burndown.credit_grant_id, burndown.as_of_date
)

select
    burndown.credit_grant_id,
    burndown.as_of_date
from burndown
left join ledger
    on
        burndown.credit_grant_id = ledger.credit_grant_id
        and burndown.as_of_date = ledger.as_of_date
where
    burndown.total_usd
    <> burndown.consumed_usd
    + burndown.expired_usd
    + burndown.voided_usd
    + burndown.rolled_usd
    + burndown.balance_usd
    or ledger.balance_usd is null
    or burndown.balance_usd <> ledger.balance_usd
    or burndown.balance_usd < 0
    or burndown.remaining_usd < 0
    or burndown.overage_usd < 0
    or (burndown.elapsed_days = 0 and burndown.pace_ratio is not null)
