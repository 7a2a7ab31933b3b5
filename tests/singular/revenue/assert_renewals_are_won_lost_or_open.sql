-- Detects money at stake that is in two outcomes or in none: what was available is won, lost and open, none of them below 0;
-- what is won is at most what was renewed; a decided one has no open part, a lost one that nobody renewed is lost whole.
select renewal_id
from {{ ref('renewals') }}
where
    available_usd <> won_usd + lost_usd + open_usd
    or least(available_usd, renewed_usd, won_usd, lost_usd, open_usd) < 0
    or won_usd <> least(available_usd, renewed_usd)
    or (outcome <> 'open' and open_usd <> 0)
    or (outcome = 'open' and lost_usd <> 0)
    or (outcome = 'open') <> (decided_date is null)
    or decided_date > as_of_date
    or known_from_date > as_of_date
