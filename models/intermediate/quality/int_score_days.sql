-- The day whose measures the scores of each day show: itself when no feed holds it, else the newest such day before it,
-- for as long as the most impatient of the holding feeds allows; then none, and the score is withheld. Before the first
-- day that no feed holds there is nothing to hold on to, and days show themselves.
-- Grain: one row an as_of_date.
with days as (
    select * from {{ ref('util_days') }}
),

holds as (
    select * from {{ ref('int_feed_holds') }}
    where is_holding
),

versions as (
    select * from {{ ref('health_score_versions') }}
),

held_days as (
    select
        as_of_date,
        min(max_hold_days) as max_hold_days,
        concat_ws(
            '; '
            {%- for system in feed_systems() %},
            max(
                case
                    when system = '{{ system }}'
                        then concat(
                            system, ' of ', cast(held_by_date as {{ dbt.type_string() }}),
                            ' is ', held_by_status, ': ', held_by_reason
                        )
                end
            )
            {%- endfor %}
        ) as reason
    from holds
    group by as_of_date
),

carried as (
    select
        days.calendar_date as as_of_date,
        held_days.as_of_date is not null as is_held,
        held_days.max_hold_days,
        held_days.reason,
        max(case when held_days.as_of_date is null then days.calendar_date end) over (
            order by days.calendar_date asc nulls last
            rows between unbounded preceding and current row
        ) as newest_open_date
    from days
    left join held_days
        on days.calendar_date = held_days.as_of_date
),

mapped as (
    select
        as_of_date,
        case
            when newest_open_date is null then as_of_date
            when not is_held then as_of_date
            when {{ dbt.datediff('newest_open_date', 'as_of_date', 'day') }} <= max_hold_days
                then newest_open_date
        end as measured_on_date,
        is_held and newest_open_date is not null as is_provisional,
        case when newest_open_date is not null then reason end as provisional_reason
    from carried
),

final as (
    select
        mapped.as_of_date,
        mapped.measured_on_date,
        versions.health_score_version,
        mapped.is_provisional,
        mapped.provisional_reason
    from mapped
    -- A version that begins while scores are held waits with them.
    left join versions
        on
            coalesce(mapped.measured_on_date, mapped.as_of_date) >= versions.effective_from_date
            and (
                coalesce(mapped.measured_on_date, mapped.as_of_date) < versions.effective_to_date
                or versions.effective_to_date is null
            )
)

select * from final
