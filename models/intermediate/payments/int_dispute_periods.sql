-- What was known of each dispute, and from when to when: its outcome so far, with account, invoice and US cents at the rate
-- of the day on which it was opened. A dispute that was won may be lost in the end.
-- Grain: one row a billing_dispute_id and known_from_date.
with versions as (
    select * from {{ ref('stg_billing__dispute_versions') }}
),

statuses as (
    select * from {{ ref('dispute_statuses') }}
),

charges as (
    select * from {{ ref('stg_billing__charges') }}
),

invoice_payments as (
    select
        coalesce(billing_charge_id, payment_intent_id) as payment_id,
        min(billing_invoice_id) as billing_invoice_id
    from {{ ref('stg_billing__invoice_payments') }}
    group by coalesce(billing_charge_id, payment_intent_id)
),

identities as (
    select * from {{ ref('int_account_identities') }}
    where source_system = 'billing'
),

fx_rates as (
    select * from {{ ref('int_fx_rates_daily') }}
),

final as (
    select
        versions.billing_dispute_id,
        identities.account_id,
        coalesce(
            charges.billing_invoice_id,
            by_charge.billing_invoice_id,
            by_intent.billing_invoice_id
        ) as billing_invoice_id,
        versions.dispute_status,
        -- A status that nobody has described yet decides nothing.
        coalesce(statuses.dispute_outcome, 'open') as dispute_outcome,
        {{ usd_cents('versions.amount_minor_units', 'fx_rates.usd_cents_per_minor_unit') }}
            as disputed_cents,
        cast(versions.disputed_at as date) as disputed_date,
        versions.known_date as known_from_date,
        lead(versions.known_date) over (
            partition by versions.billing_dispute_id order by versions.known_date
        ) as known_to_date
    from versions
    left join statuses on versions.dispute_status = statuses.dispute_status
    left join charges on versions.billing_charge_id = charges.billing_charge_id
    left join invoice_payments as by_charge on versions.billing_charge_id = by_charge.payment_id
    left join invoice_payments as by_intent on versions.payment_intent_id = by_intent.payment_id
    left join identities on charges.billing_customer_id = identities.source_id
    left join fx_rates
        on
            versions.currency = fx_rates.currency
            and cast(versions.disputed_at as date) = fx_rates.rate_date
)

select * from final
