-- Teams that lately began to try a use case which another team of the account has adopted, at the clock.
-- Grain: one row an account_id, workspace_id and use_case_id.
{%- set horizon = var('expansion_horizon_days') // 28 %}

with states as (
    select * from {{ ref('int_team_use_case_states') }}
),

measures as (
    select * from {{ ref('int_team_use_case_measures') }}
),

rates as (
    select * from {{ ref('int_expansion_team_rates') }}
),

accounts as (
    select * from {{ ref('int_expansion_accounts') }}
    where periods_ago = 0
),

sizes as (
    select * from {{ ref('int_expansion_sizes') }}
    where entity_type = 'team'
),

use_cases as (
    select * from {{ ref('use_cases') }}
),

adopted as (
    select
        account_id,
        use_case_id,
        count(*) as teams_count
    from states
    where is_adopted
    group by account_id, use_case_id
),

final as (
    select
        states.account_id,
        states.workspace_id,
        states.use_case_id,
        accounts.plan,
        concat(
            'A further team tries ', use_cases.use_case_name, ', teams of the account that adopted it: ',
            cast(adopted.teams_count as {{ dbt.type_string() }}), '; of ',
            cast(rates.teams_count as {{ dbt.type_string() }}), ' later teams before, ',
            cast(rates.kept_count as {{ dbt.type_string() }}),
            ' used it regularly {{ var("expansion_horizon_days") }} days later'
        ) as evidence,
        rates.teams_count as look_alikes_count,
        rates.kept_count as look_alikes_adopted_count,
        rates.kept_ratio as confidence_ratio,
        cast(adopted.teams_count as double) as measure_value,
        sizes.p25_monthly_usd,
        sizes.p50_monthly_usd,
        sizes.p75_monthly_usd
    from states
    inner join measures
        on
            states.account_id = measures.account_id
            and states.workspace_id = measures.workspace_id
            and states.use_case_id = measures.use_case_id
            and {{ dbt.datediff('measures.first_used_date', 'measures.as_of_date', 'day') }}
            < {{ horizon * 28 }}
    inner join adopted
        on states.account_id = adopted.account_id and states.use_case_id = adopted.use_case_id
    inner join accounts
        on states.account_id = accounts.account_id
    inner join use_cases
        on states.use_case_id = use_cases.use_case_id
    inner join rates
        on states.use_case_id = rates.use_case_id
    left join sizes
        on
            states.use_case_id = sizes.use_case_id
            and accounts.plan = sizes.plan
            and accounts.size_tier = sizes.size_tier
    where states.adoption_state = 'trying'
)

select * from final
