select
    month_start_date,
    sum(new_usd) as new,
    sum(expansion_usd) as expansion,
    sum(reactivation_usd) as reactivation,
    0 - sum(contraction_usd) as contraction,
    0 - sum(churn_usd) as churn
from marts.revenue_movements_monthly
where revenue_basis = 'total'
group by month_start_date
