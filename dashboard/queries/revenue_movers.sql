-- The accounts whose revenue moved most in the month.
select
    movements.account_id,
    accounts.account_name,
    accounts.owner_name,
    accounts.plan,
    movements.movement_type,
    movements.start_usd,
    movements.end_usd,
    movements.end_usd - movements.start_usd as change_usd,
    count(*) over () as all_rows_count
from marts.revenue_movements_monthly as movements
left join marts.accounts as accounts on movements.account_id = accounts.account_id
left join marts.account_health as health on movements.account_id = health.account_id
where
    movements.revenue_basis = $basis
    and movements.month_start_date = cast($month as date)
    and movements.end_usd <> movements.start_usd
    and ($owners = [] or list_contains($owners, coalesce(health.owner_name, 'nobody')))
    and ($plans = [] or list_contains($plans, coalesce(health.plan, 'none')))
    and ($segments = [] or list_contains($segments, health.segment))
order by abs(movements.end_usd - movements.start_usd) desc, movements.account_id
limit $row_limit
