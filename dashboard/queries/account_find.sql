-- Accounts whose name or id contains the text; without a text those with the most revenue.
select
    accounts.account_id,
    accounts.account_name,
    coalesce(accounts.owner_name, 'nobody') as owner_name,
    health.health_band,
    health.monthly_revenue_usd,
    health.is_provisional
from marts.accounts
left join marts.account_health as health on accounts.account_id = health.account_id
where
    (contains(lower(accounts.account_name), lower($find)) or accounts.account_id = $find)
    and ($owners = [] or list_contains($owners, coalesce(accounts.owner_name, 'nobody')))
    and ($plans = [] or list_contains($plans, coalesce(accounts.plan, 'none')))
    and ($segments = [] or list_contains($segments, health.segment))
order by health.monthly_revenue_usd desc nulls last, accounts.account_id
limit $row_limit
