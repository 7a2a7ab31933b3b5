-- Teams by use cases over the last 28 days.
select
    case when workspace_id = '' then 'outside any team' else coalesce(team_name, workspace_id) end as team_name,
    use_case_name,
    users_28d_count,
    credits_28d,
    previous_credits_28d,
    credits_change_28d_pct
from marts.team_use_case_adoption
where account_id = $account_id and (credits_28d > 0 or previous_credits_28d > 0)
order by credits_28d desc, team_name, use_case_name
limit 200
