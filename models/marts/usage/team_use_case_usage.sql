-- What each team of an account does with each use case: the last 28 days, and the 28 before. Use that serves no use case
-- is under the empty use case, use outside any team under the empty team: nothing of the account is left out.
-- Grain: one row an account_id, workspace_id and use_case_id with any known use in those 56 days.
with usage_facts as (
    select * from {{ ref('int_account_usage_facts') }}
    where as_of_date > cast({{ dbt.dateadd('day', -56, as_of_date()) }} as date)
),

clock as (
    select * from {{ ref('util_as_of') }}
),

team_names as (
    select
        account_id,
        workspace_id,
        max(team_name) as team_name
    from {{ ref('team_usage_monthly') }}
    group by account_id, workspace_id
),

use_cases as (
    select * from {{ ref('use_cases') }}
),

dated_facts as (
    select
        usage_facts.*,
        clock.as_of_date as clock_date,
        usage_facts.as_of_date > cast({{ dbt.dateadd('day', -28, 'clock.as_of_date') }} as date)
            as is_recent
    from usage_facts
    cross join clock
),

summed as (
    select
        account_id,
        workspace_id,
        use_case_id,
        clock_date as as_of_date,
        count(distinct nullif(product_user_id, '')) filter (where is_recent) as users_28d_count,
        sum(case when is_recent then events_count else 0 end) as events_28d_count,
        sum(case when is_recent then credits else 0 end) as credits_28d,
        sum(case when is_recent then 0 else credits end) as previous_credits_28d
    from dated_facts
    group by account_id, workspace_id, use_case_id, clock_date
),

final as (
    select
        ---------- keys
        summed.account_id,
        summed.workspace_id,
        summed.use_case_id,

        ---------- strings
        team_names.team_name,
        use_cases.use_case_name,

        ---------- numbers
        cast(summed.users_28d_count as bigint) as users_28d_count,
        cast(summed.events_28d_count as bigint) as events_28d_count,
        cast(summed.credits_28d as decimal(24, 6)) as credits_28d,
        cast(summed.previous_credits_28d as decimal(24, 6)) as previous_credits_28d,

        ---------- dates
        summed.as_of_date
    from summed
    left join team_names
        on
            summed.account_id = team_names.account_id
            and summed.workspace_id = team_names.workspace_id
    left join use_cases
        on summed.use_case_id = use_cases.use_case_id
)

select * from final
