-- Segment by usage health of each account on each day.
-- Grain: one row an account_id and as_of_date.
with segment_days as (
    select * from {{ ref('int_account_segment_days') }}
),

final as (
    select
        account_id,
        as_of_date,
        segment,
        segment_since_date
    from segment_days
)

select * from final
