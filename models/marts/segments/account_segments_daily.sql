-- Segment by usage health of each account on each day.
-- Grain: one row an account_id and as_of_date.
with segment_days as (
    select * from {{ ref('int_account_segment_days') }}
),

score_days as (
    select * from {{ ref('int_score_days') }}
),

final as (
    select
        segment_days.account_id,
        segment_days.as_of_date,
        segment_days.segment,
        segment_days.segment_since_date,
        score_days.is_provisional,
        score_days.provisional_reason,
        score_days.measured_on_date
    from segment_days
    inner join score_days
        on segment_days.as_of_date = score_days.as_of_date
)

select * from final
