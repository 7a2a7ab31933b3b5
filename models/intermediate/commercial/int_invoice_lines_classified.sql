-- Lines of final invoices that were not voided, each in exactly one bucket, in US cents at the rate of the invoice's
-- day. Credits (prepaid or discounts) are what did not have to be paid. Open and uncollectible invoices count: revenue
-- is earned when it is billed. Grain: one row a billing_invoice_line_id.
with invoice_lines as (
    select * from {{ ref('stg_billing__invoice_lines') }}
),

line_credits as (
    select
        billing_invoice_line_id,
        sum(credited_minor_units) as credited_minor_units
    from {{ ref('stg_billing__invoice_line_credits') }}
    group by billing_invoice_line_id
),

invoices as (
    select * from {{ ref('int_invoices_attributed') }}
    where not is_void
),

prices as (
    select * from {{ ref('stg_billing__prices') }}
),

products as (
    select * from {{ ref('stg_billing__products') }}
),

final as (
    select
        invoice_lines.billing_invoice_line_id,
        invoice_lines.billing_invoice_id,
        invoices.billing_customer_id,
        invoices.account_id,
        products.use_case_id,
        case
            when prices.usage_type = 'metered' then 'metered'
            when prices.billing_interval is not null then 'recurring'
            else 'other'
        end as revenue_bucket,
        {{ usd_cents('invoice_lines.amount_minor_units', 'invoices.usd_cents_per_minor_unit') }}
            as billed_cents,
        {{ usd_cents(
            'coalesce(line_credits.credited_minor_units, 0)', 'invoices.usd_cents_per_minor_unit'
        ) }} as credited_cents,
        coalesce(invoice_lines.is_proration, false) as is_proration,
        invoices.finalized_date,
        cast(invoice_lines.period_started_at as date) as service_from_date,
        -- Periods are half-open: one that ends at midnight does not touch the day that begins then.
        greatest(
            cast({{ dbt.dateadd('second', -1, 'invoice_lines.period_ended_at') }} as date),
            cast(invoice_lines.period_started_at as date)
        ) as service_to_date
    from invoice_lines
    inner join invoices on invoice_lines.billing_invoice_id = invoices.billing_invoice_id
    left join line_credits
        on invoice_lines.billing_invoice_line_id = line_credits.billing_invoice_line_id
    left join prices on invoice_lines.billing_price_id = prices.billing_price_id
    left join products
        on
            coalesce(prices.billing_product_id, invoice_lines.billing_product_id)
            = products.billing_product_id
)

select * from final
