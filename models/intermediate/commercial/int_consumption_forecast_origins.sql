-- Days at whose end consumption is forecast: the clock, for accounts with an open commit until the last day that it can
-- pay for, and past month ends, for every account, to see how good the forecast is.
-- Grain: one row an account_id and origin_date.
{%- set horizons = var('forecast_horizons_days') %}

with estimates as (
    select
        account_id,
        as_of_date as origin_date
    from {{ ref('int_account_consumption_estimates') }}
    where known_days_to_date_count >= {{ var('forecast_minimum_known_days') }}
),

clock as (
    select as_of_date from {{ ref('util_as_of') }}
),

open_commits as (
    select
        grants.account_id,
        max(grants.last_drawn_date) as last_drawn_date
    from {{ ref('int_commit_grants') }} as grants
    inner join clock
        on grants.effective_date <= clock.as_of_date and grants.ended_date > clock.as_of_date
    group by grants.account_id
),

final as (
    select
        estimates.account_id,
        estimates.origin_date,
        case
            when estimates.origin_date = clock.as_of_date
                then {{ dbt.datediff('clock.as_of_date', 'open_commits.last_drawn_date', 'day') }}
            else {{ horizons | max }}
        end as horizon_days,
        estimates.origin_date = clock.as_of_date as is_live
    from estimates
    cross join clock
    left join open_commits on estimates.account_id = open_commits.account_id
    where
        (
            estimates.origin_date = clock.as_of_date
            and open_commits.last_drawn_date > clock.as_of_date
        )
        or (
            cast({{ dbt.dateadd('day', 1, 'estimates.origin_date') }} as date)
            = cast(
                {{ dbt.date_trunc('month', dbt.dateadd('day', 1, 'estimates.origin_date')) }}
                as date
            )
            and cast({{ dbt.dateadd('day', horizons | min, 'estimates.origin_date') }} as date)
            <= clock.as_of_date
        )
)

select * from final
