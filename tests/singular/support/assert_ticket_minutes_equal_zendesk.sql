-- Detects that our clocks run differently from Zendesk's: wherever Zendesk publishes calendar minutes of a ticket, those
-- computed from metric events must be the same. A reopened ticket that is not solved again has no full resolution there.
select ticket_id
from {{ ref('int_tickets') }}
where
    published_first_reply_minutes <> coalesce(first_reply_minutes, -1)
    or published_first_resolution_minutes <> coalesce(first_resolution_minutes, -1)
    or published_full_resolution_minutes <> coalesce(full_resolution_minutes, -1)
    or published_reopens_count <> reopens_count
