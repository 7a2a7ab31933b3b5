-- Revenue of each product of accounts by calendar month in US cents, as int_account_revenue_monthly has it of accounts:
-- recurring at the month's end, metered by service period. A product has all months of its account.
-- Grain: one row an account_id, billing_product_id, use_case_id and month_start_date.
with account_months as (
    select * from {{ ref('int_account_months') }}
),

facts as (
    select
        account_id,
        billing_product_id,
        use_case_id,
        mrr_cents as recurring_cents,
        0 as metered_cents,
        month_start_date
    from {{ ref('int_product_mrr_monthly') }}
    union all
    select
        account_id,
        billing_product_id,
        use_case_id,
        0 as recurring_cents,
        metered_cents,
        month_start_date
    from {{ ref('int_invoice_lines_allotted_to_months') }}
    where account_id is not null
),

products as (
    select distinct
        account_id,
        billing_product_id,
        use_case_id
    from facts
),

spine as (
    select
        products.account_id,
        products.billing_product_id,
        products.use_case_id,
        0 as recurring_cents,
        0 as metered_cents,
        account_months.month_start_date
    from products
    inner join account_months on products.account_id = account_months.account_id
),

-- Keys may be null, so months are added up, not joined.
unioned as (
    select * from spine
    union all
    select * from facts
),

summed as (
    select
        account_id,
        billing_product_id,
        use_case_id,
        month_start_date,
        sum(recurring_cents) as recurring_cents,
        sum(metered_cents) as metered_cents
    from unioned
    group by account_id, billing_product_id, use_case_id, month_start_date
),

final as (
    select
        summed.account_id,
        summed.billing_product_id,
        summed.use_case_id,
        cast(summed.recurring_cents as bigint) as recurring_cents,
        cast(summed.metered_cents as bigint) as metered_cents,
        account_months.is_closed,
        summed.month_start_date
    from summed
    inner join account_months
        on
            summed.account_id = account_months.account_id
            and summed.month_start_date = account_months.month_start_date
)

select * from final
