-- What is left of one commit, by day.
select as_of_date, remaining_usd, balance_usd, total_usd
from marts.commit_burndown_daily
where credit_grant_id = $credit_grant_id
order by as_of_date
