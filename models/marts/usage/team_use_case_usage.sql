-- What each team of an account does with each use case: the last 28 days, and the 28 before. Use that serves no use case
-- is under the empty use case, use outside any team under the empty team: nothing of the account is left out.
-- Grain: one row an account_id, workspace_id and use_case_id with any known use in those 56 days.
{%- set tolerance = var('known_days_tolerance_28d') %}
{%- set earlier_date = 'cast(' ~ dbt.dateadd('day', -28, as_of_date()) ~ ' as date)' %}

with usage_facts as (
    select
        *,
        as_of_date > {{ earlier_date }} as is_recent
    from {{ ref('int_account_usage_facts') }}
    where as_of_date > cast({{ dbt.dateadd('day', -56, as_of_date()) }} as date)
),

known_days as (
    select
        account_id,
        max(as_of_date) as as_of_date,
        max_by(known_days_28d_count, as_of_date) as known_days_count,
        case when count(*) = 2 then min_by(known_days_28d_count, as_of_date) end
            as previous_known_days_count
    from {{ ref('account_usage_daily') }}
    where as_of_date in ({{ as_of_date() }}, {{ earlier_date }})
    group by account_id
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

summed as (
    select
        account_id,
        workspace_id,
        use_case_id,
        count(distinct nullif(product_user_id, '')) filter (where is_recent) as users_28d_count,
        sum(case when is_recent then events_count else 0 end) as events_28d_count,
        sum(case when is_recent then credits else 0 end) as credits_28d,
        sum(case when is_recent then 0 else credits end) as previous_credits_28d
    from usage_facts
    group by account_id, workspace_id, use_case_id
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
        case
            when
                abs(known_days.known_days_count - known_days.previous_known_days_count)
                <= {{ tolerance }}
                then {{ change_pct(
                    'cast(summed.credits_28d as double) / nullif(known_days.known_days_count, 0)',
                    'cast(summed.previous_credits_28d as double)'
                    ' / nullif(known_days.previous_known_days_count, 0)',
                ) }}
        end as credits_change_28d_pct,

        ---------- dates
        known_days.as_of_date
    from summed
    inner join known_days
        on summed.account_id = known_days.account_id
    left join team_names
        on
            summed.account_id = team_names.account_id
            and summed.workspace_id = team_names.workspace_id
    left join use_cases
        on summed.use_case_id = use_cases.use_case_id
)

select * from final
