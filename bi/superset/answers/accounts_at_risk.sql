select count(*) as accounts
from marts.account_health
where health_band = 'at_risk'
