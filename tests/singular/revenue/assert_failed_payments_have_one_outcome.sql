-- Detects failed payments that are lost from sight: what failed is recovered, lost, withdrawn or open, to the cent, and what
-- the mart calls open on the last day is what has no outcome.
with failures as (
    select * from {{ ref('int_payment_failures') }}
),

accounts as (
    select
        account_id,
        sum(case when outcome = 'open' then failed_cents else 0 end) as open_cents
    from failures
    group by account_id
),

published as (
    select account_payments.*
    from {{ ref('account_payment_health_daily') }} as account_payments
    inner join {{ ref('util_as_of') }} as clock on account_payments.as_of_date = clock.as_of_date
)

select
    account_id,
    billing_invoice_id as failing
from failures
where
    failed_cents
    <> recovered_cents
    + lost_cents
    + withdrawn_cents
    + case when outcome = 'open' then failed_cents else 0 end
    or least(failed_cents, recovered_cents, lost_cents, withdrawn_cents) < 0
    or (outcome = 'open') <> (resolved_date is null)
    or resolved_date < first_failed_date
union all
select
    published.account_id,
    'failed_open_usd' as failing
from published
left join accounts on published.account_id = accounts.account_id
where published.failed_open_usd <> {{ usd_from_cents('coalesce(accounts.open_cents, 0)') }}
