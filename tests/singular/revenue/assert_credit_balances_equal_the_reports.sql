-- Detects entries that never reached us, or that the vendor changed: the balance that it reports must be the one that follows
-- from its ledger. A warning: the ledger is what the marts tell, and the vendor may report in the middle of a day.
{{ config(severity='warn') }}

select
    vendor,
    reported_id,
    currency,
    difference_units
from {{ ref('credit_balance_checks') }}
where difference_units <> 0
