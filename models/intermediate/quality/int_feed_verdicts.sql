-- Whether each system's day is as it should be, and what is wrong: the first that holds, what people decided before
-- everything else. Grain: one row a system and as_of_date.
with feed_days as (
    select * from {{ ref('int_feed_days') }}
),

expectations as (
    select * from {{ ref('int_feed_expectations') }}
),

silences as (
    select * from {{ ref('int_feed_silences') }}
),

rules as (
    select * from {{ ref('feed_rules') }}
),

overrides as (
    select * from {{ ref('feed_day_overrides') }}
),

gate_days as (
    select * from {{ ref('stg_ops__gate_days') }}
),

joined as (
    select
        feed_days.system,
        feed_days.as_of_date,
        feed_days.weekday_number,
        feed_days.landed_rows,
        feed_days.rejected_rows,
        feed_days.lateness_days,
        feed_days.is_delivered,
        expectations.baseline_days_count,
        expectations.expected_rows,
        cast(feed_days.landed_rows as double)
        / nullif(expectations.expected_rows, 0) as volume_ratio,
        cast(feed_days.rejected_rows as double)
        / nullif(feed_days.landed_rows + feed_days.rejected_rows, 0) as rejected_ratio,
        coalesce(expectations.expected_rows >= rules.min_judged_rows, false) as is_volume_judged,
        rules.late_after_days = 0 and not feed_days.is_delivered as is_undelivered,
        rules.min_judged_rows,
        rules.min_volume_ratio,
        rules.max_volume_ratio,
        rules.max_rejected_ratio,
        silences.tolerated_days,
        silences.system is not null and silences.tolerated_days is null as is_silence_unjudged,
        coalesce(gate_days.warnings_count, 0) as gate_warnings_count,
        gate_days.reasons as gate_reasons,
        overrides.is_trusted as is_accepted,
        overrides.reason as override_reason,
        overrides.owner as override_owner
    from feed_days
    inner join rules
        on feed_days.system = rules.system
    inner join expectations
        on
            feed_days.system = expectations.system
            and feed_days.as_of_date = expectations.as_of_date
    left join silences
        on
            feed_days.system = silences.system
            and feed_days.as_of_date = silences.as_of_date
    left join gate_days
        on
            feed_days.system = gate_days.system
            and feed_days.as_of_date = gate_days.drop_date
    left join overrides
        on
            feed_days.system = overrides.system
            and feed_days.as_of_date between overrides.from_date and overrides.to_date
),

final as (
    select
        *,
        case
            when is_accepted is not null then 'overridden'
            when
                is_undelivered
                and not (is_volume_judged and coalesce(volume_ratio >= min_volume_ratio, false))
                then 'missing'
            when lateness_days > tolerated_days then 'late'
            when is_volume_judged and volume_ratio < min_volume_ratio then 'partial'
            when is_volume_judged and volume_ratio > max_volume_ratio then 'surplus'
            when
                landed_rows + rejected_rows >= min_judged_rows
                and rejected_ratio > max_rejected_ratio
                then 'rejected'
            when gate_warnings_count > 0 then 'flagged'
            when is_silence_unjudged then 'unjudged'
            when min_volume_ratio is not null and not is_volume_judged then 'unjudged'
            else 'healthy'
        end as status
    from joined
)

select * from final
