-- Confirmed changes of the segment that an account's measures call for. The first reading counts at once, a later one
-- after its number of consecutive days. Days that repeat another, are withheld or say nothing neither confirm nor interrupt.
-- Grain: one row an account_id and changed_date.
with readings as (
    select * from {{ ref('int_account_segment_readings') }}
    where measured_on_date = as_of_date and segment_reading <> 'unknown'
),

segments as (
    select * from {{ ref('segments') }}
),

transitions as (
    select * from {{ ref('segment_transitions') }}
),

numbered as (
    select
        *,
        row_number() over (partition by account_id order by as_of_date) as day_number,
        row_number() over (partition by account_id order by as_of_date)
        - row_number() over (
            partition by account_id, segment_reading
            order by as_of_date
        ) as island
    from readings
),

repeated as (
    select
        *,
        row_number() over (
            partition by account_id, segment_reading, island
            order by as_of_date
        ) as repetitions_count
    from numbered
),

confirmed as (
    select
        repeated.account_id,
        repeated.as_of_date,
        repeated.segment_reading as segment,
        lag(repeated.segment_reading, 1, 'unknown') over (
            partition by repeated.account_id
            order by repeated.as_of_date
        ) as previous_segment
    from repeated
    inner join segments
        on repeated.segment_reading = segments.segment
    where repeated.repetitions_count >= segments.confirm_days or repeated.day_number = 1
),

final as (
    select
        confirmed.account_id,
        confirmed.as_of_date as changed_date,
        confirmed.previous_segment,
        confirmed.segment,
        transitions.through_segment,
        transitions.through_days,
        lead(confirmed.as_of_date) over (
            partition by confirmed.account_id
            order by confirmed.as_of_date
        ) as next_changed_date
    from confirmed
    left join transitions
        on
            confirmed.previous_segment = transitions.previous_segment
            and confirmed.segment = transitions.segment
    where confirmed.segment <> confirmed.previous_segment
)

select * from final
