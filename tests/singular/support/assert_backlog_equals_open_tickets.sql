-- Detects drift of the running totals: at the clock the backlog of each account must be its tickets that are open then,
-- counted directly.
with clock as (
    select as_of_date from {{ ref('util_as_of') }}
),

open_tickets as (
    select
        tickets.account_id,
        count(*) as open_tickets_count,
        count(*) filter (where priorities.is_urgent) as urgent_open_tickets_count
    from {{ ref('int_tickets') }} as tickets
    left join {{ ref('ticket_priorities') }} as priorities
        on tickets.ticket_priority = priorities.ticket_priority
    where tickets.is_open
    group by tickets.account_id
)

select states.account_id
from {{ ref('int_account_support_states') }} as states
inner join clock on states.as_of_date = clock.as_of_date
left join open_tickets on states.account_id = open_tickets.account_id
where
    states.open_tickets_count <> coalesce(open_tickets.open_tickets_count, 0)
    or states.urgent_open_tickets_count <> coalesce(open_tickets.urgent_open_tickets_count, 0)
