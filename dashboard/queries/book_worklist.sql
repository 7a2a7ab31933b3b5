-- Accounts of the chosen bands, the most revenue first, with the reason that costs most.
select
    account_id,
    account_name,
    coalesce(owner_name, 'nobody') as owner_name,
    plan,
    segment,
    health_band,
    health_score,
    health_score_change_28d,
    monthly_revenue_usd,
    coalesce(override_reason, provisional_reason, worst_driver, 'Nothing is measured yet') as reason,
    change_driver_28d,
    is_provisional,
    count(*) over () as all_rows_count
from marts.account_health
where
    list_contains($bands, health_band)
    and ($owners = [] or list_contains($owners, coalesce(owner_name, 'nobody')))
    and ($plans = [] or list_contains($plans, coalesce(plan, 'none')))
    and ($segments = [] or list_contains($segments, segment))
order by monthly_revenue_usd desc nulls last, health_score nulls last, account_id
limit $row_limit
