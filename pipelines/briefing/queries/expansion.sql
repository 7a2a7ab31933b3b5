-- Where accounts are likely to grow next, the most expected money first.
select
    concat_ws(' ', account_id, opportunity_kind, subject_id) as key,
    account_name,
    coalesce(owner_name, 'nobody') as owner_name,
    opportunity_kind,
    motion,
    evidence,
    confidence_ratio,
    p50_monthly_usd,
    expected_monthly_usd
from marts.expansion_opportunities
order by expected_monthly_usd desc nulls last, key
