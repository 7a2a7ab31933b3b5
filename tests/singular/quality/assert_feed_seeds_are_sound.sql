-- A mistake in the seeds must not pass as a healthy feed: every system has rules, their numbers make sense, and no day of
-- a system is overridden twice, which would say two things of it and count it twice.
with rules as (
    select * from {{ ref('feed_rules') }}
),

overrides as (
    select * from {{ ref('feed_day_overrides') }}
),

systems as (
    {%- for system in feed_systems() %}
    select '{{ system }}' as system
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

without_rules as (
    select concat('feed_rules has no row for ', systems.system) as problem
    from systems
    left join rules
        on systems.system = rules.system
    where rules.system is null
),

checked as (
    select
        system,
        case
            when min_baseline_days < 1 or baseline_weeks < min_baseline_days
                then 'min_baseline_days must lie between 1 and baseline_weeks'
            when min_judged_rows < 1 then 'min_judged_rows must be at least 1'
            when min_volume_ratio <= 0 or min_volume_ratio >= 1
                then 'min_volume_ratio must lie between 0 and 1'
            when max_volume_ratio <= 1 then 'max_volume_ratio must be above 1'
            when max_rejected_ratio < 0 or max_rejected_ratio >= 1
                then 'max_rejected_ratio must be at least 0 and below 1'
            when late_after_days < 0 then 'late_after_days must not be negative'
            when late_after_days > 0 and coalesce(max_silence_ratio < 1, true)
                then 'max_silence_ratio must be at least 1 where late_after_days is above 0'
            when hold_days < 1 or max_hold_days < hold_days
                then 'hold_days must lie between 1 and max_hold_days'
        end as rule
    from rules
),

unsound as (
    select concat('feed_rules of ', system, ': ', rule) as problem
    from checked
    where rule is not null
),

backward as (
    select
        concat(
            'feed_day_overrides of ', system, ' from ',
            cast(from_date as {{ dbt.type_string() }}), ': to_date is before from_date'
        ) as problem
    from overrides
    where to_date < from_date
),

overlapping as (
    select
        concat(
            'feed_day_overrides of ', later.system, ' from ',
            cast(later.from_date as {{ dbt.type_string() }}), ' overlaps the one from ',
            cast(earlier.from_date as {{ dbt.type_string() }}), ': end that one the day before'
        ) as problem
    from overrides as earlier
    inner join overrides as later
        on
            earlier.system = later.system
            and earlier.from_date < later.from_date
            and earlier.to_date >= later.from_date
)

select problem from without_rules
union all
select problem from unsound
union all
select problem from backward
union all
select problem from overlapping
