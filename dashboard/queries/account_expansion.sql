-- Where the account is likely to grow next, the most expected money first.
select
    opportunities.opportunity_kind,
    adoption.use_case_name,
    opportunities.evidence,
    opportunities.motion,
    opportunities.confidence_ratio,
    opportunities.p25_monthly_usd,
    opportunities.p50_monthly_usd,
    opportunities.p75_monthly_usd,
    opportunities.expected_monthly_usd
from marts.expansion_opportunities as opportunities
left join marts.use_case_adoption as adoption
    on opportunities.account_id = adoption.account_id and opportunities.use_case_id = adoption.use_case_id
where opportunities.account_id = $account_id
order by opportunities.expected_monthly_usd desc nulls last, opportunities.opportunity_kind, opportunities.subject_id
