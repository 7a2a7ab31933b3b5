-- What Stripe says a customer has left, newest version known at the clock.
-- Grain: one row a billing_customer_id and currency.
with source as (
    select * from {{ newest_version('billing', 'credit_balance_summaries', key='customer') }}
),

balances as (
    select
        customer as billing_customer_id,
        _drop_date as reported_date,
        {{ json_elements('balances') }} as balance
    from source
),

renamed as (
    select
        ---------- ids
        billing_customer_id,

        ---------- strings
        {{ json_text('balance', 'ledger_balance.monetary.currency') }} as currency,

        ---------- numbers
        cast({{ json_text('balance', 'ledger_balance.monetary.value') }} as bigint)
            as balance_minor_units,

        ---------- dates
        reported_date
    from balances
)

select * from renamed
