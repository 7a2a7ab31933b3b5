-- How a use case spreads inside an account: when its first, second and third team had value from it, and how long that took.
-- Grain: one row an account_id and use_case_id that any team had value from.
with measures as (
    select * from {{ ref('int_team_use_case_measures') }}
    where first_value_date is not null
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

ordered as (
    select
        *,
        row_number() over (
            partition by account_id, use_case_id
            order by first_value_date asc, workspace_id asc
        ) as team_number
    from measures
),

spread as (
    select
        account_id,
        use_case_id,
        count(*) as teams_count,
        count(*) filter (where active_weeks_28d_count > 0) as active_teams_28d_count,
        {%- for number in [1, 2, 3] %}
        max(case when team_number = {{ number }} then workspace_id end) as workspace_{{ number }}_id,
        max(case when team_number = {{ number }} then first_value_date end) as team_{{ number }}_date,
        {%- endfor %}
        max(as_of_date) as as_of_date
    from ordered
    group by account_id, use_case_id
),

final as (
    select
        ---------- keys
        spread.account_id,
        spread.use_case_id,

        ---------- ids
        spread.workspace_1_id as first_workspace_id,
        spread.workspace_2_id as second_workspace_id,
        spread.workspace_3_id as third_workspace_id,

        ---------- strings
        accounts.account_name,

        ---------- numbers
        spread.teams_count,
        spread.active_teams_28d_count,
        cast({{ dbt.datediff('accounts.started_date', 'spread.team_1_date', 'day') }} as bigint)
            as days_to_first_team,
        cast({{ dbt.datediff('spread.team_1_date', 'spread.team_2_date', 'day') }} as bigint)
            as days_to_second_team,
        cast({{ dbt.datediff('spread.team_1_date', 'spread.team_3_date', 'day') }} as bigint)
            as days_to_third_team,

        ---------- dates
        spread.team_1_date as first_team_date,
        spread.team_2_date as second_team_date,
        spread.team_3_date as third_team_date,
        spread.as_of_date
    from spread
    inner join accounts
        on spread.account_id = accounts.account_id
)

select * from final
