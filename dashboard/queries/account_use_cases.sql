-- The account's use cases: how far each is adopted.
select
    use_case_name,
    adoption_state,
    users_28d_count,
    teams_28d_count,
    credits_28d,
    credits_change_28d_pct,
    last_used_date
from marts.use_case_adoption
where account_id = $account_id
order by credits_28d desc, use_case_name
