-- Segment (state of the life-cycle) of each account on each day, with the revenue and the size that it had.
-- Grain: one row an account_id and as_of_date.
with segment_days as (
    select * from {{ ref('int_account_segment_days') }}
),

score_days as (
    select * from {{ ref('int_score_days') }}
),

account_measures as (
    select * from {{ ref('int_account_measures') }}
),

size_tiers as (
    select * from {{ ref('revenue_size_tiers') }}
),

final as (
    select
        segment_days.account_id,
        segment_days.as_of_date,
        segment_days.segment,
        size_tiers.size_tier,
        account_measures.monthly_revenue_usd,
        segment_days.segment_since_date,
        score_days.is_provisional,
        score_days.provisional_reason,
        score_days.measured_on_date
    from segment_days
    inner join score_days
        on segment_days.as_of_date = score_days.as_of_date
    inner join account_measures
        on
            segment_days.account_id = account_measures.account_id
            and segment_days.as_of_date = account_measures.as_of_date
    left join size_tiers
        on
            (
                coalesce(account_measures.monthly_revenue_usd, 0) * 100 >= size_tiers.from_cents
                or size_tiers.from_cents is null
            )
            and (
                coalesce(account_measures.monthly_revenue_usd, 0) * 100 < size_tiers.to_cents
                or size_tiers.to_cents is null
            )
)

select * from final
