-- Open renewals whose term ends within 90 days, and those that are open after it has ended. At risk is one whose account
-- is at risk, or in which the stage of the CRM does not believe although the account is well.
select
    renewals.renewal_id,
    health.account_name,
    coalesce(health.owner_name, 'nobody') as owner_name,
    health.health_band,
    renewals.term_end_date - publishes.as_of_date as days_left,
    renewals.term_end_date,
    renewals.open_usd,
    renewals.expected_usd,
    renewals.stage_name,
    renewals.is_auto_renewed,
    renewals.notice_date,
    coalesce(health.health_band = 'at_risk', false) or doubts.account_id is not null as is_at_risk,
    case when health.health_band = 'at_risk' then health.worst_driver end as worst_driver,
    doubts.renewal_stage as doubted_stage,
    doubts.renewal_probability_pct
from ops.publishes
inner join marts.renewals as renewals on renewals.outcome = 'open' and renewals.term_end_date <= publishes.as_of_date + 90
left join marts.account_health as health on renewals.account_id = health.account_id
left join marts.health_disagreements as doubts
    on renewals.account_id = doubts.account_id and doubts.disagreement = 'green_and_doubted'
order by renewals.open_usd desc, renewals.term_end_date, renewals.renewal_id
