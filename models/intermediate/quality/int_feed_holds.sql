-- Which systems keep the scores of a day at an earlier one, and because of which day. A day that is wrong holds itself
-- and the days after it until it is put right or has counted as lost; a late delivery brings the state of its system
-- up to date when it comes, so lateness holds no further. Grain: one row a system and as_of_date.
with feed_health as (
    select * from {{ ref('int_feed_health') }}
),

rules as (
    select * from {{ ref('feed_rules') }}
),

doubted as (
    select
        *,
        max(case when not is_trusted and status <> 'late' then as_of_date end) over (
            partition by system order by as_of_date asc nulls last
            rows between unbounded preceding and current row
        ) as newest_wrong_date
    from feed_health
),

blamed as (
    select
        doubted.system,
        doubted.as_of_date,
        rules.max_hold_days,
        case
            when doubted.status = 'late' then doubted.as_of_date
            when
                {{ dbt.datediff('doubted.newest_wrong_date', 'doubted.as_of_date', 'day') }}
                < rules.hold_days
                then doubted.newest_wrong_date
        end as held_by_date
    from doubted
    inner join rules
        on doubted.system = rules.system
),

final as (
    select
        blamed.system,
        blamed.as_of_date,
        blamed.held_by_date,
        feed_health.status as held_by_status,
        feed_health.reason as held_by_reason,
        blamed.max_hold_days,
        blamed.held_by_date is not null as is_holding
    from blamed
    left join feed_health
        on
            blamed.system = feed_health.system
            and blamed.held_by_date = feed_health.as_of_date
)

select * from final
