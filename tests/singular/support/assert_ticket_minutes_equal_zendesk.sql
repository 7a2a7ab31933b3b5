-- Detects that our clocks run differently from Zendesk's: wherever Zendesk publishes calendar minutes of a ticket, those
-- computed from metric events must be the same. A reopened ticket that is not solved again has no full resolution there.
-- Tickets without a single metric event are left out: their events were never exported, so nothing can be computed.
with clocked_tickets as (
    select distinct ticket_id from {{ ref('stg_zendesk__ticket_metric_events') }}
)

select tickets.ticket_id
from {{ ref('int_tickets') }} as tickets
inner join clocked_tickets
    on tickets.ticket_id = clocked_tickets.ticket_id
where
    tickets.published_first_reply_minutes <> coalesce(tickets.first_reply_minutes, -1)
    or tickets.published_first_resolution_minutes <> coalesce(tickets.first_resolution_minutes, -1)
    or tickets.published_full_resolution_minutes <> coalesce(tickets.full_resolution_minutes, -1)
    or tickets.published_reopens_count <> tickets.reopens_count
