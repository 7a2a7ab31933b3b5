-- Every version scores every day, so that a switch can be explained; which of them holds on the day.
-- Grain: one row an as_of_date and health_score_version.
with score_days as (
    select * from {{ ref('int_score_days') }}
),

versions as (
    select * from {{ ref('health_score_versions') }}
),

final as (
    select
        score_days.as_of_date,
        versions.health_score_version,
        coalesce(score_days.health_score_version = versions.health_score_version, false)
            as is_official
    from score_days
    cross join versions
)

select * from final
