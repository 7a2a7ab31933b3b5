-- Bends of an account's consumption: opened by the first confirmed day beyond the trigger, ended by one that is straight
-- again or bends the other way. Grain: one row an account_id and detected_date.
with readings as (
    select * from {{ ref('int_account_slope_readings') }}
    where is_confirming and strength is not null
),

rules as (
    select
        max(case when direction = 'down' then trigger_strength end) as down_strength,
        max(case when direction = 'up' then trigger_strength end) as up_strength,
        min(clear_strength) as clear_strength
    from {{ ref('signal_rules') }}
    where signal_kind = 'slope_change'
),

events as (
    select
        readings.*,
        case
            when readings.strength <= -rules.down_strength then 'down'
            when readings.strength >= rules.up_strength then 'up'
            when abs(readings.strength) < rules.clear_strength then 'none'
        end as direction
    from readings
    cross join rules
),

compared as (
    select
        *,
        coalesce(lag(direction) over (
            partition by account_id order by as_of_date asc nulls last
        ), 'none') as previous_direction
    from events
    where direction is not null
),

changes as (
    select
        *,
        lead(as_of_date) over (
            partition by account_id order by as_of_date asc nulls last
        ) as ended_date
    from compared
    where direction <> previous_direction
),

final as (
    select
        account_id,
        as_of_date as detected_date,
        direction,
        abs(strength) as strength,
        week_credits,
        recent_slope,
        earlier_slope,
        ended_date
    from changes
    where direction <> 'none'
)

select * from final
