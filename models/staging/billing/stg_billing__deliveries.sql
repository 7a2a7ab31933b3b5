-- Days on which any table of the billing system was delivered.
-- Grain: one row a drop_date.
with landed_rows as (
    select _drop_date from {{ landed('billing', 'customers') }} as customers
    union all
    select _drop_date from {{ landed('billing', 'products') }} as products
    union all
    select _drop_date from {{ landed('billing', 'prices') }} as prices
    union all
    select _drop_date from {{ landed('billing', 'subscriptions') }} as subscriptions
    union all
    select _drop_date from {{ landed('billing', 'invoices') }} as invoices
    union all
    select _drop_date from {{ landed('billing', 'invoice_lines') }} as invoice_lines
    union all
    select _drop_date from {{ landed('billing', 'invoice_payments') }} as invoice_payments
    union all
    select _drop_date from {{ landed('billing', 'charges') }} as charges
    union all
    select _drop_date from {{ landed('billing', 'credit_notes') }} as credit_notes
    union all
    select _drop_date from {{ landed('billing', 'refunds') }} as refunds
    union all
    select _drop_date from {{ landed('billing', 'meters') }} as meters
    union all
    select _drop_date from {{ landed('billing', 'meter_event_summaries') }} as meter_event_summaries
    union all
    select _drop_date from {{ landed('billing', 'credit_grants') }} as credit_grants
    union all
    select _drop_date from {{ landed('billing', 'credit_balance_transactions') }} as credit_entries
),

grouped as (
    select
        ---------- numbers
        count(*) as rows_count,

        ---------- dates
        _drop_date as drop_date
    from landed_rows
    group by _drop_date
)

select * from grouped
