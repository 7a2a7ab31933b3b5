-- What each connected system brought for each day. Usage belongs to the day on which it happened, in whatever folder it
-- arrived: a file that comes late under a later day still completes its own. The other systems' rows belong to their drop.
-- Grain: one row a system and as_of_date, from the first delivery of the system to the clock.
with days as (
    select * from {{ ref('util_days') }}
),

deliveries as (
    {%- for system in feed_systems() %}
    select
        '{{ system }}' as system,
        drop_date,
        rows_count,
        rejected_rows_count
    from {{ ref('stg_' ~ system ~ '__deliveries') }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

event_days as (
    select
        event_date,
        sum(events_count) as events_count
    from {{ ref('int_usage_user_event_days') }}
    group by event_date
),

systems as (
    select
        system,
        min(drop_date) as first_drop_date
    from deliveries
    group by system
),

joined as (
    select
        systems.system,
        days.calendar_date as as_of_date,
        deliveries.drop_date,
        case
            when systems.system = 'product' then event_days.events_count
            else deliveries.rows_count
        end as landed_rows,
        deliveries.rejected_rows_count,
        max(deliveries.drop_date) over (
            partition by systems.system order by days.calendar_date asc nulls last
            rows between unbounded preceding and current row
        ) as newest_drop_date
    from systems
    inner join days
        on systems.first_drop_date <= days.calendar_date
    left join deliveries
        on
            systems.system = deliveries.system
            and days.calendar_date = deliveries.drop_date
    left join event_days
        on days.calendar_date = event_days.event_date
),

final as (
    select
        system,
        as_of_date,
        -- 0 is a Monday.
        mod({{ dbt.datediff("cast('1970-01-05' as date)", 'as_of_date', 'day') }}, 7)
            as weekday_number,
        cast(coalesce(landed_rows, 0) as bigint) as landed_rows,
        coalesce(rejected_rows_count, 0) as rejected_rows,
        {{ dbt.datediff('newest_drop_date', 'as_of_date', 'day') }} as lateness_days,
        drop_date is not null as is_delivered
    from joined
)

select * from final
