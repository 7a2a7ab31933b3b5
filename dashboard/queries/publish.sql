-- The publish that is shown, and whether any of its scores are held back.
select
    publishes.as_of_date,
    publishes.published_at,
    count(*) filter (where account_health.is_provisional) as provisional_accounts_count,
    min(account_health.provisional_reason) as provisional_reason
from ops.publishes
left join marts.account_health on publishes.as_of_date = account_health.as_of_date
group by all
