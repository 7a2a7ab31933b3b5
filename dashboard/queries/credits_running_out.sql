-- Open commits that are, or will likely be, used up before their last day, the first to run out on top. The
-- briefing asks it too.
select
    forecast.credit_grant_id,
    forecast.account_id,
    accounts.account_name,
    accounts.owner_name,
    accounts.plan,
    forecast.remaining_usd,
    forecast.is_exhausted,
    forecast.p10_exhaustion_date,
    forecast.p50_exhaustion_date,
    forecast.p90_exhaustion_date,
    forecast.p50_overage_usd,
    forecast.p90_overage_usd,
    forecast.last_drawn_date,
    forecast.expires_date,
    count(*) over () as all_rows_count
from marts.commit_forecast as forecast
left join marts.accounts as accounts on forecast.account_id = accounts.account_id
left join marts.account_health as health on forecast.account_id = health.account_id
where
    forecast.p50_exhaustion_date is not null
    and ($owners = [] or list_contains($owners, coalesce(health.owner_name, 'nobody')))
    and ($plans = [] or list_contains($plans, coalesce(health.plan, 'none')))
    and ($segments = [] or list_contains($segments, health.segment))
order by forecast.p50_exhaustion_date, forecast.credit_grant_id
limit $row_limit
