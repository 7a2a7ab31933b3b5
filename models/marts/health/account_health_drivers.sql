-- Why the score of today is what it is: each component of each account with its measure, points, what it adds and what
-- it costs, as a plain sentence; components without a measure are listed too, adding and costing nothing.
-- Grain: one row an account_id and component, as of the clock.
with accounts as (
    select * from {{ ref('int_account_days') }}
),

clock as (
    select * from {{ ref('util_as_of') }}
),

score_days as (
    select * from {{ ref('int_score_days') }}
),

components as (
    select * from {{ ref('health_components') }}
),

contributions as (
    select
        *,
        {{ number_text('measure_value') }} as value_text
    from {{ ref('int_health_contributions') }}
),

final as (
    select
        accounts.account_id,
        components.component,
        components.dimension,
        components.measure,
        case
            when contributions.measure_value is null
                then concat('Not known: ', replace(components.component, '_', ' '))
            else replace(components.sentence, '{value}', contributions.value_text)
        end as driver,
        contributions.measure_value,
        cast(contributions.points_micropoints * 0.000001 as decimal(9, 6)) as points,
        components.weight,
        coalesce(contributions.contribution_micropoints, 0) as contribution_micropoints,
        coalesce(contributions.lost_micropoints, 0) as lost_micropoints,
        case
            when contributions.lost_micropoints > 0
                then row_number() over (
                    partition by accounts.account_id
                    order by
                        coalesce(contributions.lost_micropoints, 0) desc,
                        components.component asc
                )
        end as down_rank,
        case
            when contributions.contribution_micropoints > 0
                then row_number() over (
                    partition by accounts.account_id
                    order by
                        coalesce(contributions.contribution_micropoints, 0) desc,
                        components.component asc
                )
        end as up_rank,
        contributions.measure_value is not null as is_measured,
        accounts.as_of_date
    from accounts
    inner join clock
        on accounts.as_of_date = clock.as_of_date
    inner join score_days
        on accounts.as_of_date = score_days.as_of_date
    inner join components
        on score_days.health_score_version = components.health_score_version
    left join contributions
        on
            accounts.account_id = contributions.account_id
            and accounts.as_of_date = contributions.as_of_date
            and components.health_score_version = contributions.health_score_version
            and components.component = contributions.component
)

select * from final
