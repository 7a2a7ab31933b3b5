-- Accounts of which the score and another view say different things, the most revenue first.
select
    concat_ws(' ', disagreements.account_id, disagreements.disagreement) as key,
    health.account_name,
    coalesce(health.owner_name, 'nobody') as owner_name,
    disagreements.disagreement,
    disagreements.health_score,
    disagreements.consumption_forecast_change_pct,
    disagreements.mrr_change_90d_pct,
    disagreements.tickets_created_90d_count,
    disagreements.renewal_stage,
    disagreements.renewal_probability_pct,
    disagreements.monthly_revenue_usd
from marts.health_disagreements as disagreements
left join marts.account_health as health on disagreements.account_id = health.account_id
order by disagreements.monthly_revenue_usd desc nulls last, key
