-- Silences of teams, features and champions that their own regularity makes unlikely: after a day of use, the first confirmed
-- day on which a unit as regular as this one, while its account was at work, would hardly still be silent.
-- Grain: one row an account_id, unit_type, unit_id and last_used_date.
with rules as (
    select * from {{ ref('signal_rules') }}
    where minimum_silent_days is not null
),

-- Most days of use are followed by the next before silence could be a signal.
regularities as (
    select
        units.*,
        rules.signal_kind,
        rules.trigger_strength,
        rules.minimum_silent_days
    from {{ ref('int_signal_unit_regularities') }} as units
    inner join rules
        on units.unit_type = rules.unit_type
    where
        units.next_used_date is null
        or {{ dbt.datediff('units.last_used_date', 'units.next_used_date', 'day') }}
        > rules.minimum_silent_days
),

observed_days as (
    select * from {{ ref('int_account_observed_days') }}
    where is_confirming
),

silent_days as (
    select
        regularities.*,
        observed_days.as_of_date,
        {%- for name in ['working', 'weekend'] %}
        observed_days.{{ name }}_days_to_date_count - regularities.{{ name }}_days_to_date_count
            as silent_{{ name }}_days_count
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from regularities
    inner join observed_days
        on
            regularities.account_id = observed_days.account_id
            and observed_days.as_of_date > regularities.last_used_date
            and observed_days.as_of_date
            <= {{ dbt.dateadd('day', var('signal_silence_days'), 'regularities.last_used_date') }}
            and observed_days.as_of_date
            < coalesce(regularities.next_used_date, cast('9999-12-31' as date))
),

measured as (
    select
        *,
        -- A unit that never works at weekends is not silent on them.
        case when working_use_ratio > 0 then silent_working_days_count else 0 end
        + case when weekend_use_ratio > 0 then silent_weekend_days_count else 0 end
            as silent_days_count,
        silent_working_days_count * working_use_ratio + silent_weekend_days_count * weekend_use_ratio
            as expected_uses_count,
        round(
            silent_working_days_count * working_hazard
            + silent_weekend_days_count * weekend_hazard, 6
        ) as strength
    from silent_days
),

ranked as (
    select
        *,
        row_number() over (
            partition by account_id, unit_type, unit_id, last_used_date order by as_of_date
        ) as signal_rank
    from measured
    where strength >= trigger_strength and silent_days_count >= minimum_silent_days
),

final as (
    select
        account_id,
        unit_type,
        unit_id,
        last_used_date,
        signal_kind,
        strength,
        silent_days_count,
        expected_uses_count,
        regular_credits_28d,
        regular_from_date,
        as_of_date as detected_date,
        next_used_date as ended_date
    from ranked
    where signal_rank = 1
)

select * from final
