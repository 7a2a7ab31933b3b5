-- All that is booked for accounts, month by month: invoice lines by month of service, adjustments and taxes by their own
-- day. Grain: one row an entry_id, revenue_part and month_start_date.
with line_months as (
    select * from {{ ref('int_revenue_line_months') }}
),

adjustment_lines as (
    select * from {{ ref('int_invoice_adjustment_lines') }}
),

adjustments as (
    select * from {{ ref('int_invoice_adjustments') }}
    where account_id is not null and tax_minor_units <> 0
),

invoices as (
    select * from {{ ref('int_invoices_attributed') }}
    where account_id is not null and not is_void
),

taxes as (
    select * from {{ ref('stg_billing__invoice_taxes') }}
    where tax_minor_units <> 0
),

final as (
    select
        billing_invoice_line_id as entry_id,
        account_id,
        billing_product_id,
        use_case_id,
        currency,
        revenue_part,
        amount_minor_units,
        amount_cents,
        is_metered,
        month_start_date
    from line_months
    union all
    select
        concat(adjustment_id, ':', line_id),
        account_id,
        billing_product_id,
        use_case_id,
        currency,
        case when adjustment_type = 'refund' then 'refunds' else 'credit_notes' end,
        adjustment_minor_units,
        adjustment_cents,
        false,
        cast({{ dbt.date_trunc('month', 'effective_date') }} as date)
    from adjustment_lines
    union all
    select
        adjustment_id,
        account_id,
        cast(null as {{ dbt.type_string() }}),
        cast(null as {{ dbt.type_string() }}),
        currency,
        'taxes',
        tax_minor_units,
        {{ usd_cents('tax_minor_units', 'usd_cents_per_minor_unit') }},
        false,
        cast({{ dbt.date_trunc('month', 'effective_date') }} as date)
    from adjustments
    union all
    select
        invoices.billing_invoice_id,
        invoices.account_id,
        cast(null as {{ dbt.type_string() }}),
        cast(null as {{ dbt.type_string() }}),
        invoices.currency,
        'taxes',
        taxes.tax_minor_units,
        {{ usd_cents('taxes.tax_minor_units', 'invoices.usd_cents_per_minor_unit') }},
        false,
        cast({{ dbt.date_trunc('month', 'invoices.finalized_date') }} as date)
    from invoices
    inner join taxes on invoices.billing_invoice_id = taxes.billing_invoice_id
)

select * from final
