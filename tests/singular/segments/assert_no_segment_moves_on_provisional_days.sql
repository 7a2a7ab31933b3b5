-- A broken feed is no customer who moves: on a day without measures of its own everybody stays where they were.
with daily as (
    select
        account_id,
        as_of_date,
        segment,
        is_provisional,
        lag(segment) over (partition by account_id order by as_of_date) as previous_segment
    from {{ ref('account_segments_daily') }}
)

select
    account_id,
    as_of_date,
    previous_segment,
    segment
from daily
where is_provisional and segment <> previous_segment
