-- What was known of each final invoice, and from when to when: billed and still owed in US cents, paid, due.
-- Void invoices bill nothing; uncollectible ones are owed no more, but stay billed.
-- Grain: one row a billing_invoice_id and known_from_date.
with versions as (
    select * from {{ ref('stg_billing__invoice_versions') }}
    where finalized_at is not null
),

identities as (
    select * from {{ ref('int_account_identities') }}
    where source_system = 'billing'
),

fx_rates as (
    select * from {{ ref('int_fx_rates_daily') }}
),

first_drops as (
    select min(drop_date) as first_drop_date from {{ ref('stg_billing__deliveries') }}
),

-- The first drop may tell of years: what it holds counts as known when it happened.
dated as (
    select
        versions.*,
        cast(versions.finalized_at as date) as finalized_date,
        case
            when versions.known_date > first_drops.first_drop_date then versions.known_date
            else cast(coalesce(
                least(versions.paid_at, versions.voided_at, versions.marked_uncollectible_at),
                versions.finalized_at
            ) as date)
        end as known_from_date
    from versions
    cross join first_drops
),

valued as (
    select
        dated.billing_invoice_id,
        identities.account_id,
        dated.invoice_status,
        case
            when dated.invoice_status = 'void' then 0
            else
                {{ usd_cents('dated.amount_due_minor_units', 'fx_rates.usd_cents_per_minor_unit') }}
        end as billed_cents,
        case
            when dated.invoice_status = 'open'
                then {{ usd_cents(
                    'dated.amount_remaining_minor_units', 'fx_rates.usd_cents_per_minor_unit'
                ) }}
            else 0
        end as owed_cents,
        dated.amount_paid_minor_units,
        fx_rates.usd_cents_per_minor_unit,
        dated.finalized_date,
        cast(greatest(dated.due_at, dated.finalized_at) as date) as due_date,
        dated.known_from_date
    from dated
    left join identities on dated.billing_customer_id = identities.source_id
    left join fx_rates
        on
            dated.currency = fx_rates.currency
            and dated.finalized_date = fx_rates.rate_date
),

final as (
    select
        billing_invoice_id,
        account_id,
        invoice_status,
        billed_cents,
        billed_cents - lag(billed_cents, 1, 0) over (
            partition by billing_invoice_id order by known_from_date
        ) as billed_change_cents,
        amount_paid_minor_units - lag(amount_paid_minor_units, 1, 0) over (
            partition by billing_invoice_id order by known_from_date
        ) as paid_change_minor_units,
        usd_cents_per_minor_unit,
        owed_cents,
        finalized_date,
        due_date,
        known_from_date,
        lead(known_from_date) over (
            partition by billing_invoice_id order by known_from_date
        ) as known_to_date
    from valued
)

select * from final
