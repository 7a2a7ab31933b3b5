select segment, health_band, count(*) as accounts
from marts.account_health
group by segment, health_band
