-- What the account owes now, and how its payments went.
select
    receivables_usd,
    past_due_usd,
    failed_payments_90d_count,
    failed_90d_usd,
    recovery_90d_ratio,
    disputes_open_count,
    disputed_open_usd
from marts.account_payment_health_daily
where account_id = $account_id
order by as_of_date desc
limit 1
