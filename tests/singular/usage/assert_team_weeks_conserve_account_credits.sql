-- Detects weeks and periods of teams that lose or multiply usage: all weeks of the teams of an account, and all periods of
-- its use cases, add up to what its days add up to.
with team_weeks as (
    select
        account_id,
        sum(credits) as credits,
        sum(events_count) as events_count
    from {{ ref('team_usage_weekly') }}
    group by account_id
),

use_case_periods as (
    select
        account_id,
        sum(credits) as credits
    from {{ ref('int_team_use_case_periods') }}
    group by account_id
),

account_days as (
    select
        account_id,
        sum(credits) as credits,
        sum(events_count) as events_count
    from {{ ref('account_usage_daily') }}
    group by account_id
)

select
    account_days.account_id,
    account_days.credits as account_credits,
    team_weeks.credits as team_credits,
    use_case_periods.credits as use_case_credits
from account_days
left join team_weeks
    on account_days.account_id = team_weeks.account_id
left join use_case_periods
    on account_days.account_id = use_case_periods.account_id
where
    coalesce(account_days.credits, 0) <> coalesce(team_weeks.credits, 0)
    or coalesce(account_days.events_count, 0) <> coalesce(team_weeks.events_count, 0)
    or coalesce(account_days.credits, 0) <> coalesce(use_case_periods.credits, 0)
