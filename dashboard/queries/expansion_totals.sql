-- Opportunities in one row: how many, and what is expected. Those of one account overlap, so of each the largest alone counts.
select
    count(*) as opportunities_count,
    count(*) filter (where opportunities.expected_monthly_usd is null) as without_estimate_count,
    count(*) filter (where opportunities.is_largest_of_account) as accounts_count,
    coalesce(sum(opportunities.expected_monthly_usd) filter (where opportunities.is_largest_of_account), 0) as expected_usd,
    count(*) filter (where opportunities.is_largest_of_account and opportunities.motion = 'sales') as sales_accounts_count,
    coalesce(
        sum(opportunities.expected_monthly_usd)
            filter (where opportunities.is_largest_of_account and opportunities.motion = 'sales'), 0
    ) as sales_usd,
    count(*) filter (where opportunities.is_largest_of_account and opportunities.motion = 'product_led')
        as product_led_accounts_count,
    coalesce(
        sum(opportunities.expected_monthly_usd)
            filter (where opportunities.is_largest_of_account and opportunities.motion = 'product_led'), 0
    ) as product_led_usd
from marts.expansion_opportunities as opportunities
left join marts.account_health as health on opportunities.account_id = health.account_id
where
    ($owners = [] or list_contains($owners, coalesce(health.owner_name, 'nobody')))
    and ($plans = [] or list_contains($plans, coalesce(health.plan, 'none')))
    and ($segments = [] or list_contains($segments, health.segment))
