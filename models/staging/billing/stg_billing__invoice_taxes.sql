-- Taxes on top of Stripe invoices, in minor units, both API generations in one shape. A tax that the prices include is
-- part of the lines. Grain: one row a billing_invoice_id.
with source as (
    select * from {{ newest_version('billing', 'invoices', key='id') }}
),

exploded as (
    select
        id,
        {{ json_elements('total_taxes') }} as tax_json
    from source
    where total_taxes is not null
),

unioned as (
    select
        id as billing_invoice_id,
        cast({{ json_text('tax_json', 'amount') }} as bigint) as tax_minor_units
    from exploded
    where coalesce({{ json_text('tax_json', 'tax_behavior') }}, 'exclusive') = 'exclusive'
    union all
    select
        id as billing_invoice_id,
        tax as tax_minor_units
    from source
    where tax is not null
),

renamed as (
    select
        billing_invoice_id,
        cast(sum(tax_minor_units) as bigint) as tax_minor_units
    from unioned
    group by billing_invoice_id
)

select * from renamed
