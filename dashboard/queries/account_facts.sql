-- What is known of one account now.
select
    accounts.account_name,
    coalesce(accounts.owner_name, 'nobody') as owner_name,
    accounts.plan,
    accounts.industry,
    accounts.billing_country,
    accounts.customer_stage,
    accounts.seats_count,
    accounts.started_date,
    health.health_band,
    health.health_score,
    health.health_score_change_28d,
    health.coverage_ratio,
    health.health_score_version,
    health.monthly_revenue_usd,
    health.worst_driver,
    health.best_driver,
    health.override_reason,
    coalesce(health.is_provisional, false) as is_provisional,
    health.provisional_reason,
    health.measured_on_date,
    segments.segment,
    segments.segment_reason,
    segments.segment_since_date
from marts.accounts
left join marts.account_health as health on accounts.account_id = health.account_id
left join marts.account_segments as segments on accounts.account_id = segments.account_id
where accounts.account_id = $account_id
