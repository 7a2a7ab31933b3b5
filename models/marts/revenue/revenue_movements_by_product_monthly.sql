-- Revenue movements of each product of an account in each closed month; those of an account's products net to those of the
-- account. Grain: one row an account_id, billing_product_id, month_start_date and revenue_basis.
with revenue_months as (
    select
        account_id,
        billing_product_id,
        month_start_date,
        sum(recurring_cents) as recurring_cents,
        sum(metered_cents) as metered_cents
    from {{ ref('int_product_revenue_monthly') }}
    where is_closed
    group by account_id, billing_product_id, month_start_date
),

involuntary_months as (
    select distinct
        account_id,
        billing_product_id,
        month_start_date
    from {{ ref('int_involuntary_churn_months') }}
),

{{ revenue_movements(['account_id', 'billing_product_id'], reached='largest_cents') }},

products as (
    select * from {{ ref('int_billing_products') }}
),

final as (
    select
        movements.*,
        products.product_name
    from movements
    left join products on movements.billing_product_id = products.billing_product_id
)

select * from final
