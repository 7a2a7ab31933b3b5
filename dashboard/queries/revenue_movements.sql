-- What revenue did in each month, one row a month and kind of movement; losses are negative.
with book as (
    select
        movements.month_start_date,
        sum(movements.new_usd) as new,
        sum(movements.expansion_usd) as expansion,
        sum(movements.reactivation_usd) as reactivation,
        -sum(movements.contraction_usd) as contraction,
        -sum(movements.churn_usd) as churn
    from marts.revenue_movements_monthly as movements
    left join marts.account_health as health on movements.account_id = health.account_id
    where
        movements.revenue_basis = $basis
        and ($owners = [] or list_contains($owners, coalesce(health.owner_name, 'nobody')))
        and ($plans = [] or list_contains($plans, coalesce(health.plan, 'none')))
        and ($segments = [] or list_contains($segments, health.segment))
    group by movements.month_start_date
)

select month_start_date, movement, amount_usd
from book
unpivot (amount_usd for movement in (new, expansion, reactivation, contraction, churn))
order by month_start_date, movement
