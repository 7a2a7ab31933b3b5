-- Teams of an account by weeks of the last half year.
select
    weekly.workspace_id,
    weekly.team_name,
    weekly.week_start_date,
    weekly.active_users_count,
    weekly.credits
from marts.team_usage_weekly as weekly
where
    weekly.account_id = $account_id
    and weekly.week_start_date > (select max(health.as_of_date) from marts.account_health as health) - 182
order by weekly.workspace_id, weekly.week_start_date
