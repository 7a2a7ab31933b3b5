-- Accounts of which the score says one thing and another view the opposite, the most revenue first.
select
    disagreements.account_id,
    health.account_name,
    coalesce(health.owner_name, 'nobody') as owner_name,
    health.plan,
    disagreements.is_provisional,
    disagreements.disagreement,
    disagreements.health_score,
    disagreements.consumption_forecast_change_pct,
    disagreements.mrr_change_90d_pct,
    disagreements.tickets_created_90d_count,
    disagreements.renewal_probability_pct / 100 as renewal_probability_ratio,
    disagreements.monthly_revenue_usd,
    count(*) over () as all_rows_count
from marts.health_disagreements as disagreements
left join marts.account_health as health on disagreements.account_id = health.account_id
where
    ($owners = [] or list_contains($owners, coalesce(health.owner_name, 'nobody')))
    and ($plans = [] or list_contains($plans, coalesce(health.plan, 'none')))
    and ($segments = [] or list_contains($segments, health.segment))
order by disagreements.monthly_revenue_usd desc nulls last, disagreements.account_id, disagreements.disagreement
limit $row_limit
