-- Payment attempts that failed, with their account and their invoice.
-- Grain: one row a billing_charge_id.
with charges as (
    select
        billing_charge_id,
        max(billing_customer_id) as billing_customer_id,
        max(billing_invoice_id) as billing_invoice_id,
        max(payment_intent_id) as payment_intent_id,
        max(amount_minor_units) as amount_minor_units,
        min(cast(charged_at as date)) as charged_date,
        min(known_date) as known_date
    from {{ ref('stg_billing__charge_versions') }}
    where charge_status = 'failed'
    group by billing_charge_id
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

first_drops as (
    select min(drop_date) as first_drop_date from {{ ref('stg_billing__deliveries') }}
),

final as (
    select
        charges.billing_charge_id,
        identities.account_id,
        coalesce(
            charges.billing_invoice_id,
            by_charge.billing_invoice_id,
            by_intent.billing_invoice_id
        ) as billing_invoice_id,
        charges.amount_minor_units,
        -- The first drop may tell of years: what it holds counts as known when it happened.
        case
            when charges.known_date > first_drops.first_drop_date then charges.known_date
            else charges.charged_date
        end as failed_date
    from charges
    cross join first_drops
    left join invoice_payments as by_charge on charges.billing_charge_id = by_charge.payment_id
    left join invoice_payments as by_intent on charges.payment_intent_id = by_intent.payment_id
    left join identities on charges.billing_customer_id = identities.source_id
)

select * from final
