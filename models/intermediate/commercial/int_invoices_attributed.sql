-- Final invoices with their account, their value in US cents and the days on which they were past due.
-- Past due is from the end of the due day until paid, voided or written off: an uncollectible invoice is lost, no longer
-- past due. Grain: one row a billing_invoice_id.
with invoices as (
    select * from {{ ref('stg_billing__invoices') }}
    where finalized_at is not null
),

identities as (
    select * from {{ ref('int_account_identities') }}
    where source_system = 'billing'
),

fx_rates as (
    select * from {{ ref('int_fx_rates_daily') }}
),

settled as (
    select
        *,
        cast(finalized_at as date) as finalized_date,
        cast(greatest(due_at, finalized_at) as date) as overdue_from_date,
        -- An invoice over nothing is paid without a payment: some lack the time of it.
        cast(
            coalesce(
                least(paid_at, voided_at, marked_uncollectible_at),
                case when invoice_status <> 'open' then finalized_at end
            ) as date
        ) as settled_date,
        -- What was paid in part is known for open invoices only.
        case
            when invoice_status = 'open' then amount_remaining_minor_units
            else amount_due_minor_units
        end as owed_minor_units
    from invoices
),

final as (
    select
        settled.billing_invoice_id,
        settled.billing_customer_id,
        identities.account_id,
        settled.invoice_status,
        settled.currency,
        fx_rates.usd_cents_per_minor_unit,
        {{ usd_cents('settled.owed_minor_units', 'fx_rates.usd_cents_per_minor_unit') }}
            as owed_cents,
        settled.invoice_status = 'void' as is_void,
        settled.owed_minor_units > 0
        and (
            settled.settled_date is null or settled.settled_date > settled.overdue_from_date
        ) as was_overdue,
        settled.finalized_date,
        settled.overdue_from_date,
        settled.settled_date
    from settled
    left join identities on settled.billing_customer_id = identities.source_id
    left join fx_rates
        on
            settled.currency = fx_rates.currency
            and settled.finalized_date = fx_rates.rate_date
)

select * from final
