-- Days on which the priority of a ticket was raised into the urgent ones. The first state of a ticket is that of the end of
-- its first day: what was raised until then is how it was filed, and a first triage is no escalation.
-- Grain: one row a ticket_id and escalated_date.
with ticket_versions as (
    select * from {{ ref('stg_zendesk__ticket_versions') }}
),

tickets as (
    select * from {{ ref('int_tickets') }}
    where account_id is not null and is_counted
),

priorities as (
    select * from {{ ref('ticket_priorities') }}
),

ranked as (
    select
        ticket_versions.ticket_id,
        ticket_versions.known_date,
        priorities.priority_rank,
        priorities.is_urgent,
        lag(priorities.priority_rank) over (
            partition by ticket_versions.ticket_id
            order by ticket_versions.known_date asc nulls last
        ) as previous_priority_rank
    from ticket_versions
    left join priorities
        on ticket_versions.ticket_priority = priorities.ticket_priority
),

final as (
    select
        ranked.ticket_id,
        tickets.account_id,
        ranked.known_date as escalated_date
    from ranked
    inner join tickets on ranked.ticket_id = tickets.ticket_id
    where ranked.is_urgent and ranked.priority_rank > ranked.previous_priority_rank
)

select * from final
