-- Months in which churn of a product is involuntary: that in which a subscription with it ended so, and the one after, as
-- metered revenue of the month of the end is still invoiced. Grain: one row an account_id, billing_product_id, use_case_id
-- and month_start_date.
with endings as (
    select * from {{ ref('int_subscription_endings') }}
    where is_involuntary
),

items as (
    select distinct
        billing_subscription_id,
        billing_price_id,
        billing_product_id
    from {{ ref('stg_billing__subscription_item_versions') }}
),

prices as (
    select * from {{ ref('int_prices_described') }}
),

joined as (
    select
        endings.account_id,
        items.billing_product_id,
        prices.use_case_id,
        endings.ended_date
    from endings
    inner join items on endings.billing_subscription_id = items.billing_subscription_id
    left join prices on items.billing_price_id = prices.billing_price_id
),

final as (
    {%- for months_later in [0, 1] %}
    select
        account_id,
        billing_product_id,
        use_case_id,
        cast(
            {{ dbt.dateadd('month', months_later, dbt.date_trunc('month', 'ended_date')) }} as date
        ) as month_start_date
    from joined
    {%- if not loop.last %}
    union
    {%- endif %}
    {%- endfor %}
)

select * from final
