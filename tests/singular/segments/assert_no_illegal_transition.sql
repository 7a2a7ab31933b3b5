-- An account that moves between states that do not follow each other has a state machine that lies: every move from one
-- day to the next must be allowed by the seed.
with daily as (
    select
        account_id,
        as_of_date,
        segment,
        lag(segment) over (partition by account_id order by as_of_date) as previous_segment
    from {{ ref('account_segments_daily') }}
),

transitions as (
    select * from {{ ref('segment_transitions') }}
    where move = 'allowed'
)

select
    daily.account_id,
    daily.as_of_date,
    daily.previous_segment,
    daily.segment
from daily
left join transitions
    on
        daily.previous_segment = transitions.previous_segment
        and daily.segment = transitions.segment
where daily.previous_segment <> daily.segment and transitions.segment is null
