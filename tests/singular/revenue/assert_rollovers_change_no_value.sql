-- Detects value that a rollover makes or loses: what leaves one grant reaches another of the same customer at the rate of the
-- first day, so all rollovers of a customer and currency come to 0, in units and to the cent.
select
    vendor,
    customer_reference,
    currency
from {{ ref('credit_ledger') }}
where entry_type = 'rollover' and entry_status = 'committed'
group by vendor, customer_reference, currency
having sum(signed_units) <> 0 or sum(signed_usd) <> 0
