-- The score by day.
select as_of_date, health_score, health_band, is_provisional
from marts.account_health_daily
where account_id = $account_id
order by as_of_date
