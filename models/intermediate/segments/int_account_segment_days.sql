-- Segment of each account and day: the confirmed one, after the one that a move has to go through. A day that only repeats
-- another, or whose measures are withheld, moves nobody: it keeps the segment of the last day with measures of its own.
-- Grain: one row an account_id and as_of_date.
with readings as (
    select * from {{ ref('int_account_segment_readings') }}
),

changes as (
    select * from {{ ref('int_account_segment_changes') }}
),

days as (
    select
        account_id,
        as_of_date,
        segment_reading,
        max(case when measured_on_date = as_of_date then as_of_date end) over (
            partition by account_id
            order by as_of_date
            rows between unbounded preceding and current row
        ) as live_date
    from readings
),

placed as (
    select
        days.account_id,
        days.as_of_date,
        days.segment_reading,
        case
            when changes.segment is null then 'unknown'
            when
                {{ dbt.datediff('changes.changed_date', 'days.live_date', 'day') }}
                < changes.through_days
                then changes.through_segment
            else changes.segment
        end as segment
    from days
    left join changes
        on
            days.account_id = changes.account_id
            and days.live_date >= changes.changed_date
            and (days.live_date < changes.next_changed_date or changes.next_changed_date is null)
),

numbered as (
    select
        *,
        row_number() over (partition by account_id order by as_of_date)
        - row_number() over (partition by account_id, segment order by as_of_date) as stay
    from placed
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
