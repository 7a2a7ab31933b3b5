-- The credit ledger of each grant in US cents, at the rate of the day on which the grant took effect. Entries are
-- differences of rounded running balances: a grant that is used up is worth exactly 0.
-- Grain: one row a credit_balance_transaction_id.
with entries as (
    select * from {{ ref('stg_billing__credit_balance_transactions') }}
),

grants as (
    select * from {{ ref('stg_billing__credit_grants') }}
),

identities as (
    select * from {{ ref('int_account_identities') }}
    where source_system = 'billing'
),

fx_rates as (
    select * from {{ ref('int_fx_rates_daily') }}
),

clock as (
    select as_of_date from {{ ref('util_as_of') }}
),

running as (
    select
        *,
        sum(signed_minor_units) over (
            partition by credit_grant_id
            order by effective_at, credit_balance_transaction_id
            rows between unbounded preceding and current row
        ) as balance_minor_units
    from entries
),

valued as (
    select
        running.*,
        grants.billing_customer_id,
        grants.grant_category,
        {{ usd_cents('running.balance_minor_units', 'fx_rates.usd_cents_per_minor_unit') }}
            as balance_cents
    from running
    inner join grants on running.credit_grant_id = grants.credit_grant_id
    cross join clock
    left join fx_rates
        on
            grants.currency = fx_rates.currency
            and least(cast(grants.effective_at as date), clock.as_of_date) = fx_rates.rate_date
),

final as (
    select
        valued.credit_balance_transaction_id,
        valued.credit_grant_id,
        valued.billing_customer_id,
        identities.account_id,
        valued.grant_category,
        valued.entry_reason,
        valued.balance_cents - lag(valued.balance_cents, 1, 0) over (
            partition by valued.credit_grant_id
            order by valued.effective_at, valued.credit_balance_transaction_id
        ) as signed_cents,
        valued.balance_cents,
        cast(valued.effective_at as date) as effective_date
    from valued
    left join identities on valued.billing_customer_id = identities.source_id
)

select * from final
