-- What accounts and their teams spend a month on each use case that they have adopted, at the clock: credits of 28 days at the
-- price that the account paid for a credit in its newest closed months.
-- Grain: one row an entity_type, account_id, workspace_id and use_case_id; the workspace of an account is ''.
with account_measures as (
    select * from {{ ref('int_account_use_case_measures') }}
    where periods_ago = 0
),

account_states as (
    select * from {{ ref('int_account_use_case_states') }}
    where periods_ago = 0 and is_adopted
),

team_measures as (
    select * from {{ ref('int_team_use_case_measures') }}
),

team_states as (
    select * from {{ ref('int_team_use_case_states') }}
    where is_adopted
),

prices as (
    select
        account_id,
        max_by(cents_per_credit, month_start_date) as cents_per_credit
    from {{ ref('int_account_credit_prices') }}
    where cents_per_credit is not null
    group by account_id
),

adopted as (
    select
        'account' as entity_type,
        account_measures.account_id,
        '' as workspace_id,
        account_measures.use_case_id,
        account_measures.credits_28d
    from account_measures
    inner join account_states
        on
            account_measures.account_id = account_states.account_id
            and account_measures.use_case_id = account_states.use_case_id
    union all
    select
        'team' as entity_type,
        team_measures.account_id,
        team_measures.workspace_id,
        team_measures.use_case_id,
        team_measures.credits_28d
    from team_measures
    inner join team_states
        on
            team_measures.account_id = team_states.account_id
            and team_measures.workspace_id = team_states.workspace_id
            and team_measures.use_case_id = team_states.use_case_id
),

final as (
    select
        adopted.entity_type,
        adopted.account_id,
        adopted.workspace_id,
        adopted.use_case_id,
        -- 28 days as a twelfth of a year.
        cast(adopted.credits_28d as double) * prices.cents_per_credit * 365 / (12 * 28 * 100)
            as monthly_usd
    from adopted
    inner join prices
        on adopted.account_id = prices.account_id
)

select * from final
