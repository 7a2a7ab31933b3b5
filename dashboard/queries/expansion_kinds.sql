-- Opportunities by kind and by who acts; money is of the largest of each account alone, so it adds up to the total.
select
    opportunities.opportunity_kind,
    opportunities.motion,
    count(*) as opportunities_count,
    count(*) filter (where opportunities.expected_monthly_usd is null) as without_estimate_count,
    count(*) filter (where opportunities.is_largest_of_account) as accounts_count,
    coalesce(sum(opportunities.expected_monthly_usd) filter (where opportunities.is_largest_of_account), 0) as expected_usd
from marts.expansion_opportunities as opportunities
left join marts.account_health as health on opportunities.account_id = health.account_id
where
    ($owners = [] or list_contains($owners, coalesce(health.owner_name, 'nobody')))
    and ($plans = [] or list_contains($plans, coalesce(health.plan, 'none')))
    and ($segments = [] or list_contains($segments, health.segment))
group by opportunities.opportunity_kind, opportunities.motion
order by expected_usd desc, opportunities.opportunity_kind, opportunities.motion
