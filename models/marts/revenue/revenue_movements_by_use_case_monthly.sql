-- Revenue movements of each use case of an account in each closed month; those of an account's use cases, with what belongs
-- to none, net to those of the account. Grain: one row an account_id, use_case_id, month_start_date and revenue_basis.
with revenue_months as (
    select
        account_id,
        use_case_id,
        month_start_date,
        sum(recurring_cents) as recurring_cents,
        sum(metered_cents) as metered_cents
    from {{ ref('int_product_revenue_monthly') }}
    where is_closed
    group by account_id, use_case_id, month_start_date
),

involuntary_months as (
    select distinct
        account_id,
        use_case_id,
        month_start_date
    from {{ ref('int_involuntary_churn_months') }}
),

{{ revenue_movements(['account_id', 'use_case_id'], reached='largest_cents') }}

select * from movements
