-- Segment by usage health of each account now, and since when.
-- Grain: one row an account_id, as of the clock.
with clock as (
    select * from {{ ref('util_as_of') }}
),

segment_days as (
    select * from {{ ref('int_account_segment_days') }}
),

score_days as (
    select * from {{ ref('int_score_days') }}
),

segments as (
    select * from {{ ref('segments') }}
),

accounts as (
    select * from {{ ref('accounts') }}
),

final as (
    select
        segment_days.account_id,
        accounts.account_name,
        segment_days.segment,
        segments.description as segment_reason,
        segment_days.segment_since_date,
        score_days.is_provisional,
        score_days.provisional_reason,
        score_days.measured_on_date,
        segment_days.as_of_date
    from segment_days
    inner join clock
        on segment_days.as_of_date = clock.as_of_date
    inner join score_days
        on segment_days.as_of_date = score_days.as_of_date
    inner join segments
        on segment_days.segment = segments.segment
    inner join accounts
        on segment_days.account_id = accounts.account_id
)

select * from final
