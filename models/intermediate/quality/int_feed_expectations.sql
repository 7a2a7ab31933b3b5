-- How many rows a day should bring: the median of the same weekday in the weeks before it. A day on which nothing was
-- delivered, or that people distrust, says nothing about the next; one odd day does not move a median.
-- Grain: one row a system and as_of_date.
with feed_days as (
    select * from {{ ref('int_feed_days') }}
),

rules as (
    select * from {{ ref('feed_rules') }}
),

distrusted as (
    select * from {{ ref('feed_day_overrides') }}
    where not is_trusted
),

usual_days as (
    select feed_days.*
    from feed_days
    left join distrusted
        on
            feed_days.system = distrusted.system
            and feed_days.as_of_date between distrusted.from_date and distrusted.to_date
    where feed_days.is_delivered and distrusted.system is null
),

final as (
    select
        feed_days.system,
        feed_days.as_of_date,
        count(usual_days.as_of_date) as baseline_days_count,
        case
            when count(usual_days.as_of_date) >= max(rules.min_baseline_days)
                then cast(round(
                    percentile_cont(0.5) within group (order by usual_days.landed_rows)
                ) as bigint)
        end as expected_rows
    from feed_days
    inner join rules
        on feed_days.system = rules.system
    left join usual_days
        on
            feed_days.system = usual_days.system
            and feed_days.weekday_number = usual_days.weekday_number
            and feed_days.as_of_date > usual_days.as_of_date
            and {{ dbt.datediff('usual_days.as_of_date', 'feed_days.as_of_date', 'day') }}
            <= 7 * rules.baseline_weeks
    group by feed_days.system, feed_days.as_of_date
)

select * from final
