-- Which two readings of a score are explained: today against earlier days, each under the version that held on it, and
-- the version that holds today against every other version. Grain: one row an account_id, from_date and to_version.
with official_scores as (
    select * from {{ ref('int_account_health_scores') }}
    where is_official
),

clock as (
    select * from {{ ref('util_as_of') }}
),

versions as (
    select * from {{ ref('health_score_versions') }}
),

today as (
    select official_scores.*
    from official_scores
    inner join clock
        on official_scores.as_of_date = clock.as_of_date
),

over_time as (
    select
        today.account_id,
        earlier.as_of_date as from_date,
        earlier.health_score_version as from_version,
        today.as_of_date as to_date,
        today.health_score_version as to_version
    from today
    inner join official_scores as earlier
        on
            today.account_id = earlier.account_id
            and {{ dbt.datediff('earlier.as_of_date', 'today.as_of_date', 'day') }}
            in ({{ var('health_change_windows_days') | join(', ') }})
),

over_versions as (
    select
        today.account_id,
        today.as_of_date as from_date,
        today.health_score_version as from_version,
        today.as_of_date as to_date,
        versions.health_score_version as to_version
    from today
    inner join versions
        on today.health_score_version <> versions.health_score_version
),

final as (
    select * from over_time
    union all
    select * from over_versions
)

select * from final
