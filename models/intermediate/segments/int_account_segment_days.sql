-- Segment of each account and day: a new segment counts after it has held for its number of consecutive days. A day that
-- only repeats an earlier one confirms and interrupts nothing and keeps that day's segment; a withheld one is unknown at
-- once, and the segment comes back after it.
-- Grain: one row an account_id and as_of_date.
with readings as (
    select * from {{ ref('int_account_segment_readings') }}
),

segments as (
    select * from {{ ref('segments') }}
),

stated as (
    select
        readings.account_id,
        readings.as_of_date,
        readings.segment_reading,
        readings.measured_on_date is null as is_withheld,
        coalesce(readings.measured_on_date = readings.as_of_date, false) as is_live,
        segments.confirm_days
    from readings
    inner join segments
        on readings.segment_reading = segments.segment
),

islands as (
    select
        *,
        row_number() over (partition by account_id, is_live order by as_of_date)
        - row_number() over (
            partition by account_id, is_live, segment_reading
            order by as_of_date
        ) as island
    from stated
),

confirmed as (
    select
        *,
        case
            when
                is_live
                and row_number() over (
                    partition by account_id, is_live, segment_reading, island
                    order by as_of_date
                ) >= confirm_days
                then segment_reading
        end as confirmed_segment
    from islands
),

runs as (
    select
        *,
        count(confirmed_segment) over (partition by account_id order by as_of_date) as run_number
    from confirmed
),

carried as (
    select
        account_id,
        as_of_date,
        segment_reading,
        case
            when is_withheld then segment_reading
            else coalesce(
                max(confirmed_segment) over (partition by account_id, run_number), segment_reading
            )
        end as segment
    from runs
),

numbered as (
    select
        *,
        row_number() over (partition by account_id order by as_of_date)
        - row_number() over (partition by account_id, segment order by as_of_date) as stay
    from carried
),

final as (
    select
        account_id,
        as_of_date,
        segment_reading,
        segment,
        min(as_of_date) over (partition by account_id, segment, stay) as segment_since_date
    from numbered
)

select * from final
