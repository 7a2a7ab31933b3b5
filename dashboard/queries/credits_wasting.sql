-- Open commits of which something will likely expire unused, the most money first. The briefing
-- asks it too.
select
    forecast.credit_grant_id,
    forecast.account_id,
    accounts.account_name,
    accounts.owner_name,
    accounts.plan,
    forecast.remaining_usd,
    forecast.p10_breakage_usd,
    forecast.p50_breakage_usd,
    forecast.p90_breakage_usd,
    forecast.last_drawn_date,
    forecast.expires_date,
    count(*) over () as all_rows_count
from marts.commit_forecast as forecast
left join marts.accounts as accounts on forecast.account_id = accounts.account_id
left join marts.account_health as health on forecast.account_id = health.account_id
where
    forecast.p50_breakage_usd > 0
    and ($owners = [] or list_contains($owners, coalesce(health.owner_name, 'nobody')))
    and ($plans = [] or list_contains($plans, coalesce(health.plan, 'none')))
    and ($segments = [] or list_contains($segments, health.segment))
order by forecast.p50_breakage_usd desc, forecast.credit_grant_id
limit $row_limit
