-- Open commits that will likely be used up before their last day, the first on top.
select
    forecast.account_id,
    accounts.account_name,
    accounts.owner_name,
    forecast.remaining_usd,
    forecast.p10_exhaustion_date,
    forecast.p50_exhaustion_date,
    forecast.p90_exhaustion_date,
    forecast.p50_overage_usd,
    forecast.expires_date,
    burndown.pace_ratio
from marts.commit_forecast as forecast
inner join marts.accounts as accounts on forecast.account_id = accounts.account_id
inner join marts.commit_burndown_daily as burndown
    on forecast.credit_grant_id = burndown.credit_grant_id and forecast.as_of_date = burndown.as_of_date
where forecast.p50_exhaustion_date is not null
order by forecast.p50_exhaustion_date, forecast.credit_grant_id
limit 100
