-- Months in which an account held a prepaid commit, on at least one day: metered revenue of these months is overage.
-- Grain: one row an account_id and month_start_date.
with commits as (
    select * from {{ ref('int_commit_grants') }}
),

account_months as (
    select * from {{ ref('int_account_months') }}
),

final as (
    select distinct
        account_months.account_id,
        account_months.month_start_date
    from account_months
    inner join commits
        on
            account_months.account_id = commits.account_id
            and account_months.month_end_date >= commits.effective_date
            and account_months.month_start_date < commits.ended_date
)

select * from final
