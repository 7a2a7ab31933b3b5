-- Revenue movements of each account in each closed month: start + new + expansion + reactivation - contraction - churn
-- = end, exactly, on three bases. Grain: one row an account_id, month_start_date and revenue_basis.
with revenue_months as (
    select * from {{ ref('int_account_revenue_monthly') }}
    where is_closed
),

involuntary_months as (
    select distinct
        account_id,
        month_start_date
    from {{ ref('int_involuntary_churn_months') }}
),

{{ revenue_movements(['account_id'], reached='highest_cents') }}

select * from movements
