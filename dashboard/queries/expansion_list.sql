-- Opportunities for the chosen ways to act, the most expected money first; what has no estimate comes last.
select
    opportunities.account_id,
    opportunities.account_name,
    coalesce(health.owner_name, 'nobody') as owner_name,
    health.plan,
    health.segment,
    opportunities.opportunity_kind,
    adoption.use_case_name,
    opportunities.evidence,
    opportunities.motion,
    opportunities.confidence_ratio,
    opportunities.p25_monthly_usd,
    opportunities.p50_monthly_usd,
    opportunities.p75_monthly_usd,
    opportunities.expected_monthly_usd,
    opportunities.is_provisional,
    count(*) over () as all_rows_count
from marts.expansion_opportunities as opportunities
left join marts.account_health as health on opportunities.account_id = health.account_id
left join marts.use_case_adoption as adoption
    on opportunities.account_id = adoption.account_id and opportunities.use_case_id = adoption.use_case_id
where
    list_contains($motions, opportunities.motion)
    and ($owners = [] or list_contains($owners, coalesce(health.owner_name, 'nobody')))
    and ($plans = [] or list_contains($plans, coalesce(health.plan, 'none')))
    and ($segments = [] or list_contains($segments, health.segment))
order by
    opportunities.expected_monthly_usd desc nulls last,
    opportunities.account_id,
    opportunities.opportunity_kind,
    opportunities.subject_id
limit $row_limit
