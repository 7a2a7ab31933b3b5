-- How long a silent system may stay silent before it is late: as long as the rules say, or a multiple of its longest
-- silence in the weeks before its newest delivery, so that a small company whose tickets come twice a week raises no alarm.
-- Grain: one row a system and as_of_date on which an ordinary silence has been exceeded.
with feed_days as (
    select * from {{ ref('int_feed_days') }}
),

rules as (
    select * from {{ ref('feed_rules') }}
),

silent_days as (
    select
        feed_days.system,
        feed_days.as_of_date,
        feed_days.lateness_days,
        rules.baseline_weeks,
        rules.min_baseline_days,
        rules.late_after_days,
        rules.max_silence_ratio
    from feed_days
    inner join rules
        on feed_days.system = rules.system
    where rules.late_after_days > 0 and feed_days.lateness_days > rules.late_after_days
),

final as (
    select
        silent_days.system,
        silent_days.as_of_date,
        case
            when count(*) >= 7 * max(silent_days.min_baseline_days)
                then cast(greatest(
                    max(silent_days.late_after_days),
                    floor(max(silent_days.max_silence_ratio) * max(earlier.lateness_days))
                ) as bigint)
        end as tolerated_days
    from silent_days
    -- The weeks end with the newest delivery: the silence of today must not become its own measure.
    inner join feed_days as earlier
        on
            silent_days.system = earlier.system
            and {{ dbt.datediff('earlier.as_of_date', 'silent_days.as_of_date', 'day') }}
            between silent_days.lateness_days
            and silent_days.lateness_days + 7 * silent_days.baseline_weeks - 1
    group by silent_days.system, silent_days.as_of_date
)

select * from final
