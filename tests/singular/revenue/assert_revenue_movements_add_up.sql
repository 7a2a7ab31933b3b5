-- Detects a month in which start + new + expansion + reactivation - contraction - churn is not the end, to the cent, on
-- any basis. If it ever fails, every retention figure built on the movements is wrong.
select
    account_id,
    revenue_basis,
    month_start_date
from {{ ref('revenue_movements_monthly') }}
where
    start_usd + new_usd + expansion_usd + reactivation_usd - contraction_usd - churn_usd <> end_usd
