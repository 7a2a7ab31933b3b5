-- Credits by day over the last half year, beside the account's own level and peak.
select
    daily.as_of_date,
    daily.credits,
    daily.consumption_credits_28d / nullif(daily.known_days_28d_count, 0) as mean_credits,
    daily.consumption_credits_28d / nullif(daily.known_days_28d_count, 0)
    / nullif(daily.consumption_peak_ratio, 0) as peak_credits,
    daily.is_usage_known
from marts.account_usage_daily as daily
cross join ops.publishes
where daily.account_id = $account_id and daily.as_of_date > publishes.as_of_date - 182
order by daily.as_of_date
