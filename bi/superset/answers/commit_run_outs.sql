select
    account_health.account_name,
    account_health.owner_name,
    commit_forecast.remaining_usd,
    commit_forecast.p50_exhaustion_date,
    commit_forecast.expires_date,
    commit_forecast.p50_overage_usd
from marts.commit_forecast
left join marts.account_health using (account_id)
where commit_forecast.p50_exhaustion_date is not null
order by commit_forecast.p50_overage_usd desc, commit_forecast.credit_grant_id
limit 1000
