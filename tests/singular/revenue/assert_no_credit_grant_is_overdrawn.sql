-- Detects grants of which more was taken than they held. A warning: Orb allows it, and calls it overage; of Stripe it would mean
-- that entries are missing.
{{ config(severity='warn') }}

select distinct
    vendor,
    credit_grant_id
from {{ ref('credit_ledger') }}
where balance_units < 0
