-- One month's revenue as steps from its start to its end. Columns are those of a waterfall.
with book as (
    select movements.*
    from marts.revenue_movements_monthly as movements
    left join marts.account_health as health on movements.account_id = health.account_id
    where
        movements.revenue_basis = $basis
        and movements.month_start_date = cast($month as date)
        and ($owners = [] or list_contains($owners, coalesce(health.owner_name, 'nobody')))
        and ($plans = [] or list_contains($plans, coalesce(health.plan, 'none')))
        and ($segments = [] or list_contains($segments, health.segment))
),

summed as (
    select
        coalesce(sum(start_usd), 0) as start_usd,
        coalesce(sum(new_usd), 0) as new_usd,
        coalesce(sum(expansion_usd), 0) as expansion_usd,
        coalesce(sum(reactivation_usd), 0) as reactivation_usd,
        coalesce(sum(contraction_usd), 0) as contraction_usd,
        coalesce(sum(churn_usd), 0) as churn_usd,
        coalesce(sum(end_usd), 0) as end_usd,
        count(*) filter (where movement_type = 'new') as new_count,
        count(*) filter (where movement_type = 'expansion') as expansion_count,
        count(*) filter (where movement_type = 'reactivation') as reactivation_count,
        count(*) filter (where movement_type = 'contraction') as contraction_count,
        count(*) filter (where movement_type = 'churn') as churn_count
    from book
),

steps as (
    select 1 as step_number, 'Month before' as label, 'total' as kind, null as accounts_count, start_usd as change from summed
    union all
    select 2, 'New', 'gain', new_count, new_usd from summed
    union all
    select 3, 'Expansion', 'gain', expansion_count, expansion_usd from summed
    union all
    select 4, 'Reactivation', 'gain', reactivation_count, reactivation_usd from summed
    union all
    select 5, 'Contraction', 'loss', contraction_count, -contraction_usd from summed
    union all
    select 6, 'Churn', 'loss', churn_count, -churn_usd from summed
),

levels as (
    select
        *,
        sum(change) over (order by step_number) as end_usd
    from steps
    union all
    select 7, 'This month', 'total', null, null, end_usd from summed
)

select
    step_number,
    label,
    kind,
    concat(accounts_count, ' accounts') as note,
    change,
    case kind when 'total' then end_usd else end_usd - change end as start,
    end_usd as end
from levels
order by step_number
