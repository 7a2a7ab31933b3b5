-- How long each answer or solution of a ticket counts in the trailing window, and the minutes that it took. A solution
-- stops to count when the ticket is reopened. Grain: one row a ticket_id, span_type and span_from_date.
with tickets as (
    select * from {{ ref('int_tickets') }}
    where account_id is not null and is_counted
),

first_replies as (
    select * from {{ ref('int_ticket_first_replies') }}
),

resolutions as (
    select * from {{ ref('int_ticket_resolutions') }}
    where solved_at is not null
),

unioned as (
    select
        ticket_id,
        'first_reply' as span_type,
        first_reply_minutes as span_minutes,
        cast(first_replied_at as date) as span_from_date,
        cast(null as date) as reopened_date
    from first_replies
    union all
    select
        ticket_id,
        'resolution' as span_type,
        resolution_minutes as span_minutes,
        cast(solved_at as date) as span_from_date,
        cast(reopened_at as date) as reopened_date
    from resolutions
),

final as (
    select
        unioned.ticket_id,
        tickets.account_id,
        unioned.span_type,
        unioned.span_minutes,
        unioned.span_from_date,
        -- Half-open: the first day on which it counts no more.
        least(
            cast({{ dbt.dateadd('day', 28, 'unioned.span_from_date') }} as date),
            unioned.reopened_date
        ) as span_28d_to_date,
        least(
            cast({{ dbt.dateadd('day', 90, 'unioned.span_from_date') }} as date),
            unioned.reopened_date
        ) as span_90d_to_date
    from unioned
    inner join tickets on unioned.ticket_id = tickets.ticket_id
    where unioned.reopened_date is null or unioned.reopened_date > unioned.span_from_date
)

select * from final
