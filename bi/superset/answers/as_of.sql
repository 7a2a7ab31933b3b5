select as_of_date as as_of
from marts.account_health
order by as_of_date desc
limit 1
