-- How often a later team of an account takes up a use case: of the teams that began it after another one, and long enough ago,
-- the share that used it in enough weeks at the end of the horizon. Rare use cases are pulled towards all of them.
-- Grain: one row a use_case_id.
{%- set horizon = var('expansion_horizon_days') // 28 %}
{%- set prior = var('expansion_prior_accounts') %}

with periods as (
    select * from {{ ref('int_team_use_case_periods') }}
    where workspace_id <> ''
),

use_cases as (
    select * from {{ ref('use_cases') }}
),

-- Weeks of use that adoption asks for.
regular as (
    select min(min_active_weeks_28d_count) as weeks_count
    from {{ ref('use_case_adoption_rules') }}
    where is_adopted
),

first_periods as (
    select
        account_id,
        workspace_id,
        use_case_id,
        max(periods_ago) as first_periods_ago,
        max(max(periods_ago)) over (partition by account_id, use_case_id)
            as account_first_periods_ago
    from periods
    group by account_id, workspace_id, use_case_id
),

later_teams as (
    select
        first_periods.use_case_id,
        count(*) as teams_count,
        count(case when periods.active_weeks_count >= regular.weeks_count then 1 end) as kept_count
    from first_periods
    cross join regular
    left join periods
        on
            first_periods.account_id = periods.account_id
            and first_periods.workspace_id = periods.workspace_id
            and first_periods.use_case_id = periods.use_case_id
            and first_periods.first_periods_ago - {{ horizon }} = periods.periods_ago
    where
        first_periods.first_periods_ago < first_periods.account_first_periods_ago
        and first_periods.first_periods_ago >= {{ horizon }}
    group by first_periods.use_case_id
),

counted as (
    select
        use_cases.use_case_id,
        coalesce(later_teams.teams_count, 0) as teams_count,
        coalesce(later_teams.kept_count, 0) as kept_count
    from use_cases
    left join later_teams
        on use_cases.use_case_id = later_teams.use_case_id
),

final as (
    select
        use_case_id,
        teams_count,
        kept_count,
        -- One that stays and one that leaves are added to all: what always happened so far is not certain.
        (
            kept_count + {{ prior }} * (sum(kept_count) over () + 1.0)
            / (sum(teams_count) over () + 2)
        ) / cast(teams_count + {{ prior }} as double) as kept_ratio
    from counted
)

select * from final
