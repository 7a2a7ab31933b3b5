-- An account's year of scores, by dimension too.
select
    daily.as_of_date,
    daily.health_band,
    daily.health_score,
    daily.usage_score,
    daily.adoption_score,
    daily.commercial_score,
    daily.support_score,
    daily.relationship_score,
    daily.is_provisional
from marts.account_health_daily as daily
where
    daily.account_id = $account_id
    and daily.as_of_date > (select max(health.as_of_date) from marts.account_health as health) - 365
order by daily.as_of_date
