-- Detects team months that lose or multiply usage: the teams of an account add up to the account in every month.
with team_months as (
    select
        account_id,
        month_start_date,
        sum(credits) as credits,
        sum(events_count) as events_count
    from {{ ref('team_usage_monthly') }}
    group by account_id, month_start_date
),

account_months as (
    select
        account_id,
        cast({{ dbt.date_trunc('month', 'as_of_date') }} as date) as month_start_date,
        sum(credits) as credits,
        sum(events_count) as events_count
    from {{ ref('account_usage_daily') }}
    group by account_id, cast({{ dbt.date_trunc('month', 'as_of_date') }} as date)
)

select
    account_months.account_id,
    account_months.month_start_date,
    account_months.credits as account_credits,
    team_months.credits as team_credits
from account_months
full outer join team_months
    on
        account_months.account_id = team_months.account_id
        and account_months.month_start_date = team_months.month_start_date
where
    coalesce(account_months.credits, 0) <> coalesce(team_months.credits, 0)
    or coalesce(account_months.events_count, 0) <> coalesce(team_months.events_count, 0)
