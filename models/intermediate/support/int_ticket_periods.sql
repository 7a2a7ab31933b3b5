-- Stretches of days at whose end a ticket was in the backlog. The first known state holds back to the day of creation,
-- each later one from the day that exported it. Grain: one row a ticket_id and valid_from_date.
with ticket_versions as (
    select * from {{ ref('stg_zendesk__ticket_versions') }}
),

tickets as (
    select * from {{ ref('int_tickets') }}
    where account_id is not null
),

statuses as (
    select * from {{ ref('ticket_statuses') }}
),

priorities as (
    select * from {{ ref('ticket_priorities') }}
),

ordered as (
    select
        *,
        row_number() over (partition by ticket_id order by known_date) as version_number,
        lead(known_date) over (partition by ticket_id order by known_date) as next_known_date
    from ticket_versions
),

final as (
    select
        ordered.ticket_id,
        tickets.account_id,
        ordered.ticket_status,
        ordered.ticket_priority,
        coalesce(priorities.is_urgent, false) as is_urgent,
        case
            when ordered.version_number = 1
                then least(ordered.known_date, cast(ordered.created_at as date))
            else ordered.known_date
        end as valid_from_date,
        ordered.next_known_date as valid_to_date
    from ordered
    inner join tickets on ordered.ticket_id = tickets.ticket_id
    left join statuses on ordered.ticket_status = statuses.ticket_status
    left join priorities on ordered.ticket_priority = priorities.ticket_priority
    where coalesce(statuses.is_open, true) and not ordered.is_merged
)

select * from final
