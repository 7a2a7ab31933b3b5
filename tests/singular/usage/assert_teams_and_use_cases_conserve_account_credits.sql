-- Detects usage that is lost or counted twice between teams and use cases: an account's last 28 days are the sum of both.
with teams as (
    select
        account_id,
        sum(credits_28d) as credits_28d
    from {{ ref('team_use_case_usage') }}
    group by account_id
),

accounts as (
    select * from {{ ref('account_usage_daily') }}
    where as_of_date = {{ as_of_date() }}
)

select
    accounts.account_id,
    accounts.consumption_credits_28d as account_credits,
    teams.credits_28d as team_credits
from accounts
full outer join teams
    on accounts.account_id = teams.account_id
where coalesce(accounts.consumption_credits_28d, 0) <> coalesce(teams.credits_28d, 0)
