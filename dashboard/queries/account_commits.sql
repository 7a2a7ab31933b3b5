-- The account's prepaid commits, the newest first, with what is forecast of those that are open.
with latest as (
    select
        account_id,
        credit_grant_id,
        max(as_of_date) as as_of_date,
        max_by(status, as_of_date) as status,
        max_by(total_usd, as_of_date) as total_usd,
        max_by(coalesce(remaining_usd, balance_usd), as_of_date) as remaining_usd,
        max_by(pace_ratio, as_of_date) as pace_ratio,
        max(effective_date) as effective_date,
        max(expires_date) as expires_date
    from marts.commit_burndown_daily
    where account_id = $account_id
    group by all
)

select
    latest.*,
    forecast.missing_reason,
    forecast.p10_exhaustion_date,
    forecast.p50_exhaustion_date,
    forecast.p90_exhaustion_date,
    forecast.p50_overage_usd,
    forecast.p50_breakage_usd,
    forecast.last_drawn_date
from latest
left join marts.commit_forecast as forecast on latest.credit_grant_id = forecast.credit_grant_id
order by latest.effective_date desc, latest.total_usd desc, latest.credit_grant_id
limit 20
