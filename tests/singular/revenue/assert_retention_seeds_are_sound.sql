-- Detects seeds that make wrong retention out of sound revenue: tiers of size that leave a gap or overlap, and definitions
-- that need other months than they say, or a basis that their method does not know.
with tiers as (
    select
        size_tier,
        from_cents,
        to_cents,
        lag(to_cents) over (order by from_cents asc nulls first) as previous_to_cents,
        lead(size_tier) over (order by from_cents asc nulls first) as next_size_tier,
        row_number() over (order by from_cents asc nulls first) as tier_number
    from {{ ref('revenue_size_tiers') }}
)

select concat('tier ', size_tier, ' leaves a gap, overlaps or is empty') as problem
from tiers
where
    (tier_number = 1 and from_cents is not null)
    or (tier_number > 1 and coalesce(from_cents <> previous_to_cents, true))
    or (next_size_tier is null and to_cents is not null)
    or coalesce(to_cents <= from_cents, false)
union all
select concat(definition, ': its months ago do not fit its method') as problem
from {{ ref('retention_definitions') }}
where
    base_months_ago < 1
    or cohort_months_ago < base_months_ago
    or (retention_method = 'point' and base_months_ago <> cohort_months_ago)
    or (retention_method = 'point' and history_months_ago <> base_months_ago)
    -- The 12 months that end with the base.
    or (retention_method <> 'point' and base_months_ago <> 12)
    or (retention_method <> 'point' and history_months_ago <> 23)
    or (retention_method = 'year' and cohort_months_ago <> 23)
union all
select concat(definition, ': its method or kind does not fit its basis') as problem
from {{ ref('retention_definitions') }}
where
    (retention_method = 'attrition' and revenue_basis <> 'total')
    or (retention_kind = 'logo' and revenue_basis <> 'customers')
    or (retention_kind = 'activity' and revenue_basis <> 'activity')
    or (retention_kind in ('net', 'gross') and revenue_basis in ('customers', 'activity'))
    or (retention_kind in ('logo', 'activity') and retention_method <> 'point')
