-- Each time a ticket was solved, with the minutes since it was opened first. A reopened ticket is solved again: instance
-- 2 and so on. Grain: one row a ticket_id and instance_number that was solved or opened.
with metric_events as (
    select * from {{ ref('stg_zendesk__ticket_metric_events') }}
    where metric_name = 'resolution_time' and not is_deleted
),

instances as (
    select
        ticket_id,
        instance_number,
        min(occurred_at) filter (where event_type = 'activate') as activated_at,
        min(occurred_at) filter (where event_type = 'fulfill') as solved_at
    from metric_events
    group by ticket_id, instance_number
),

sequenced as (
    select
        *,
        min(activated_at) over (partition by ticket_id) as opened_at,
        lead(activated_at) over (
            partition by ticket_id order by instance_number
        ) as reopened_at
    from instances
),

final as (
    select
        ticket_id,
        instance_number,
        -- Whole minutes, as Zendesk counts.
        cast(
            floor({{ dbt.datediff('opened_at', 'solved_at', 'second') }} / 60.0) as bigint
        ) as resolution_minutes,
        opened_at,
        activated_at,
        solved_at,
        reopened_at
    from sequenced
)

select * from final
