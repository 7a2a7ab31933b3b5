-- Products that billing sells, by name. Grain: one row a billing_product_id.
{{ config(materialized='view') }}
select
    billing_product_id,
    product_name,
    use_case_id
from {{ ref('stg_billing__products') }}
