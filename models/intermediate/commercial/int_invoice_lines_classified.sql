-- Lines of final invoices that were not voided, each in exactly one bucket, in minor units and in US cents at the rate of
-- the invoice's day. Credits (prepaid or promotional) are what did not have to be paid. Open and uncollectible invoices
-- count: revenue is earned when it is billed. Grain: one row a billing_invoice_line_id.
{%- set rate = 'invoices.usd_cents_per_minor_unit' %}
with invoice_lines as (
    select * from {{ ref('stg_billing__invoice_lines') }}
),

reductions as (
    select * from {{ ref('int_invoice_line_reductions') }}
),

invoices as (
    select * from {{ ref('int_invoices_attributed') }}
    where not is_void
),

prices as (
    select * from {{ ref('int_prices_described') }}
),

products as (
    select * from {{ ref('int_billing_products') }}
),

joined as (
    select
        invoice_lines.billing_invoice_line_id,
        invoice_lines.billing_invoice_id,
        invoices.billing_customer_id,
        invoices.account_id,
        coalesce(prices.billing_product_id, invoice_lines.billing_product_id)
            as billing_product_id,
        coalesce(prices.use_case_id, products.use_case_id) as use_case_id,
        invoices.currency,
        case
            when prices.usage_type = 'metered' then 'metered'
            when prices.billing_interval is not null then 'recurring'
            else 'other'
        end as revenue_bucket,
        invoice_lines.amount_minor_units as billed_minor_units,
        coalesce(reductions.committed_minor_units, 0) as committed_minor_units,
        coalesce(reductions.promotional_minor_units, 0) as promotional_minor_units,
        coalesce(reductions.discount_minor_units, 0) as discount_minor_units,
        {{ usd_cents('invoice_lines.amount_minor_units', rate) }} as billed_cents,
        {{ usd_cents(
            'coalesce(reductions.committed_minor_units + reductions.promotional_minor_units, 0)', rate
        ) }} as credited_cents,
        {{ usd_cents('coalesce(reductions.promotional_minor_units, 0)', rate) }}
            as promotional_cents,
        {{ usd_cents('coalesce(reductions.discount_minor_units, 0)', rate) }} as discount_cents,
        coalesce(invoice_lines.is_proration, false) as is_proration,
        invoices.finalized_date,
        -- A line without a period serves the day of its invoice. Periods are half-open: one that ends at midnight does not
        -- touch the day that begins then.
        coalesce(cast(invoice_lines.period_started_at as date), invoices.finalized_date)
            as service_from_date,
        cast({{ dbt.dateadd('second', -1, 'invoice_lines.period_ended_at') }} as date)
            as period_end_date
    from invoice_lines
    inner join invoices on invoice_lines.billing_invoice_id = invoices.billing_invoice_id
    left join reductions
        on invoice_lines.billing_invoice_line_id = reductions.billing_invoice_line_id
    left join prices on invoice_lines.billing_price_id = prices.billing_price_id
    left join products
        on
            coalesce(prices.billing_product_id, invoice_lines.billing_product_id)
            = products.billing_product_id
),

final as (
    select
        *,
        credited_cents - promotional_cents as committed_cents,
        greatest(coalesce(period_end_date, service_from_date), service_from_date)
            as service_to_date
    from joined
)

select * from final
