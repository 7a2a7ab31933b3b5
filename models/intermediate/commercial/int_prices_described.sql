-- Prices with the product that they sell and the use case that they charge for: the one that the product names, or the
-- one that the price's meter counts. Grain: one row a billing_price_id.
with prices as (
    select * from {{ ref('stg_billing__prices') }}
),

products as (
    select * from {{ ref('int_billing_products') }}
),

meters as (
    select * from {{ ref('stg_billing__meters') }}
),

use_cases as (
    select * from {{ ref('use_cases') }}
),

final as (
    select
        prices.billing_price_id,
        prices.billing_product_id,
        products.product_name,
        coalesce(products.use_case_id, use_cases.use_case_id) as use_case_id,
        prices.usage_type,
        prices.billing_interval
    from prices
    left join products on prices.billing_product_id = products.billing_product_id
    left join meters on prices.meter_id = meters.meter_id
    left join use_cases on meters.meter_event_name = use_cases.meter_event_name
)

select * from final
