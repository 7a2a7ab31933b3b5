-- The verdict on each system's day in words with its numbers, and what follows from it: whether scores may rest on the
-- day, and whether usage windows may count it. What the gate or rejects only cast doubt on is there, and counts.
-- Grain: one row a system and as_of_date, from the first delivery of the system to the clock.
{%- set weekdays = [
    'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday',
] %}

with verdicts as (
    select * from {{ ref('int_feed_verdicts') }}
),

named as (
    select
        *,
        case
            when status = 'overridden' then is_accepted
            else status in ('healthy', 'unjudged')
        end as is_trusted,
        case
            when status = 'overridden' then is_accepted
            else status not in ('missing', 'partial', 'surplus')
        end as is_counted,
        concat(
            {{ thousands('landed_rows') }},
            case
                when expected_rows is null then ''
                else concat(' of about ', {{ thousands('expected_rows') }})
            end,
            case when system = 'product' then ' events' else ' records' end,
            ' for a ',
            case weekday_number
                {%- for weekday in weekdays %}
                when {{ loop.index0 }} then '{{ weekday }}'
                {%- endfor %}
            end
        ) as volume
    from verdicts
),

final as (
    select
        ---------- keys
        system,
        as_of_date,

        ---------- strings
        status,
        case
            when status = 'overridden' and is_accepted
                then concat('Accepted by ', override_owner, ': ', override_reason, ' (', volume, ')')
            when status = 'overridden'
                then concat('Distrusted by ', override_owner, ': ', override_reason, ' (', volume, ')')
            when status = 'missing' then concat('Not delivered; ', volume, ' came with other days')
            when status = 'late'
                then concat(
                    'Nothing delivered for ', {{ thousands('lateness_days') }}, ' days; late after ',
                    {{ thousands('tolerated_days') }}
                )
            when status = 'rejected'
                then concat(
                    {{ thousands('rejected_rows') }}, ' of ',
                    {{ thousands('landed_rows + rejected_rows') }}, ' records were quarantined'
                )
            when status = 'flagged'
                then concat('The gate warns: ', coalesce(gate_reasons, 'no reason given'))
            when is_silence_unjudged and status = 'unjudged'
                then concat(
                    'Nothing delivered for ', {{ thousands('lateness_days') }},
                    ' days; not known for long enough to judge'
                )
            when status = 'unjudged' and expected_rows is null
                then concat(volume, '; no baseline yet')
            when status = 'unjudged' then concat(volume, '; too few to judge')
            when is_undelivered then concat(volume, '; they came with other days')
            else volume
        end as reason,
        gate_reasons,

        ---------- numbers
        landed_rows,
        expected_rows,
        volume_ratio,
        rejected_rows,
        lateness_days,

        ---------- booleans
        is_delivered,
        is_trusted,
        is_counted
    from named
)

select * from final
