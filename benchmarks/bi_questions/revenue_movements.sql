-- What revenue did in each month, by the segment that accounts are in now.
select
    movements.month_start_date,
    health.segment,
    sum(movements.new_usd) as new_usd,
    sum(movements.expansion_usd) as expansion_usd,
    sum(movements.reactivation_usd) as reactivation_usd,
    sum(movements.contraction_usd) as contraction_usd,
    sum(movements.churn_usd) as churn_usd,
    sum(movements.end_usd) as end_usd
from marts.revenue_movements_monthly as movements
left join marts.account_health as health on movements.account_id = health.account_id
where movements.revenue_basis = 'recurring'
group by movements.month_start_date, health.segment
order by movements.month_start_date, health.segment
