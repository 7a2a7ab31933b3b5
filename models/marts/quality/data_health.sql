-- Is a drop real, or did a feed break? What each system delivered for each day against what was expected, whether that
-- can be trusted, and which days' scores wait because of it.
-- Grain: one row a system and as_of_date, from the first delivery of the system to the clock.
with feed_health as (
    select * from {{ ref('int_feed_health') }}
),

holds as (
    select * from {{ ref('int_feed_holds') }}
),

score_days as (
    select * from {{ ref('int_score_days') }}
),

held_days as (
    select
        system,
        held_by_date,
        count(*) as held_days_count
    from holds
    where is_holding
    group by system, held_by_date
),

final as (
    select
        ---------- keys
        feed_health.system,
        feed_health.as_of_date,

        ---------- strings
        feed_health.status,
        feed_health.reason,
        feed_health.gate_reasons,

        ---------- numbers
        feed_health.landed_rows,
        feed_health.expected_rows,
        feed_health.volume_ratio,
        feed_health.rejected_rows,
        feed_health.lateness_days,
        coalesce(held_days.held_days_count, 0) as held_days_count,

        ---------- booleans
        feed_health.is_delivered,
        feed_health.is_trusted,
        holds.is_holding,
        score_days.is_provisional,

        ---------- dates
        holds.held_by_date,
        score_days.measured_on_date
    from feed_health
    inner join holds
        on
            feed_health.system = holds.system
            and feed_health.as_of_date = holds.as_of_date
    inner join score_days
        on feed_health.as_of_date = score_days.as_of_date
    left join held_days
        on
            feed_health.system = held_days.system
            and feed_health.as_of_date = held_days.held_by_date
)

select * from final
