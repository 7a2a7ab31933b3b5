-- What was given back after billing: credit notes (tax apart) and refunds that no credit note explains (as paid, tax
-- included), dated by their own day at the rate of that day. A note that is voided is taken back on the day of that: what
-- a closed month said stays as it was. No part of any revenue movement. Grain: one row an adjustment_id.
with credit_notes as (
    select
        *,
        coalesce(subtotal_minor_units, total_minor_units) as net_minor_units
    from {{ ref('stg_billing__credit_notes') }}
),

refunds as (
    select * from {{ ref('int_refunds_unexplained') }}
),

identities as (
    select * from {{ ref('int_account_identities') }}
    where source_system = 'billing'
),

fx_rates as (
    select * from {{ ref('int_fx_rates_daily') }}
),

unioned as (
    select
        billing_credit_note_id as adjustment_id,
        billing_credit_note_id,
        billing_customer_id,
        billing_invoice_id,
        'credit_note' as adjustment_type,
        currency,
        -net_minor_units as adjustment_minor_units,
        net_minor_units - total_minor_units as tax_minor_units,
        cast(effective_at as date) as effective_date
    from credit_notes
    union all
    select
        concat(billing_credit_note_id, ':void') as adjustment_id,
        billing_credit_note_id,
        billing_customer_id,
        billing_invoice_id,
        'voided_credit_note' as adjustment_type,
        currency,
        net_minor_units as adjustment_minor_units,
        total_minor_units - net_minor_units as tax_minor_units,
        cast(coalesce(voided_at, effective_at) as date) as effective_date
    from credit_notes
    where credit_note_status = 'void'
    union all
    select
        billing_refund_id as adjustment_id,
        cast(null as {{ dbt.type_string() }}) as billing_credit_note_id,
        billing_customer_id,
        billing_invoice_id,
        'refund' as adjustment_type,
        currency,
        -amount_minor_units as adjustment_minor_units,
        0 as tax_minor_units,
        cast(refunded_at as date) as effective_date
    from refunds
),

final as (
    select
        unioned.adjustment_id,
        unioned.billing_credit_note_id,
        unioned.billing_customer_id,
        identities.account_id,
        unioned.billing_invoice_id,
        unioned.adjustment_type,
        unioned.currency,
        unioned.adjustment_minor_units,
        coalesce(unioned.tax_minor_units, 0) as tax_minor_units,
        fx_rates.usd_cents_per_minor_unit,
        {{ usd_cents('unioned.adjustment_minor_units', 'fx_rates.usd_cents_per_minor_unit') }}
            as adjustment_cents,
        unioned.effective_date
    from unioned
    left join identities on unioned.billing_customer_id = identities.source_id
    left join fx_rates
        on
            unioned.currency = fx_rates.currency
            and unioned.effective_date = fx_rates.rate_date
)

select * from final
