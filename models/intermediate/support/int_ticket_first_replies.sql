-- First public reply of an agent to a ticket, with the minutes that it took.
-- Grain: one row a ticket_id that was replied to.
with metric_events as (
    select * from {{ ref('stg_zendesk__ticket_metric_events') }}
    where metric_name = 'reply_time' and not is_deleted
),

firsts as (
    select
        ticket_id,
        min(occurred_at) filter (where event_type = 'activate') as asked_at,
        min(occurred_at) filter (where event_type = 'fulfill') as first_replied_at
    from metric_events
    group by ticket_id
),

final as (
    select
        ticket_id,
        cast(
            floor({{ dbt.datediff('asked_at', 'first_replied_at', 'second') }} / 60.0) as bigint
        ) as first_reply_minutes,
        asked_at,
        first_replied_at
    from firsts
    where first_replied_at is not null and asked_at is not null
)

select * from final
