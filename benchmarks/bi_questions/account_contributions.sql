-- Why the score of an account is what it is: every part of it on the newest day.
select
    contributions.dimension,
    contributions.component,
    contributions.measure_value,
    contributions.points,
    contributions.weight,
    contributions.contribution_micropoints,
    contributions.lost_micropoints
from marts.account_health_contributions_daily as contributions
where
    contributions.account_id = $account_id
    and contributions.as_of_date = (select max(health.as_of_date) from marts.account_health as health)
order by contributions.lost_micropoints desc, contributions.component
