-- What each dimension of a version weighs, and how old the newest data behind it are on each day: the days back to the one
-- that was measured, and from there to the newest drop of the feeds that its measures come from; the stalest counts.
-- Grain: one row an as_of_date, health_score_version and dimension.
with score_days as (
    select * from {{ ref('int_score_days') }}
),

version_days as (
    select * from {{ ref('int_health_version_days') }}
),

components as (
    select * from {{ ref('health_components') }}
),

measures as (
    select * from {{ ref('health_measures') }}
),

feed_days as (
    select * from {{ ref('int_feed_health') }}
),

dimensions as (
    select
        health_score_version,
        dimension,
        sum(weight) as weight
    from components
    group by health_score_version, dimension
),

dimension_systems as (
    select distinct
        components.health_score_version,
        components.dimension,
        measures.system
    from components
    inner join measures
        on components.measure = measures.measure
),

final as (
    select
        version_days.as_of_date,
        version_days.health_score_version,
        dimensions.dimension,
        cast(dimensions.weight as bigint) as weight,
        {{ dbt.datediff(
            'min(score_days.measured_on_date)', 'version_days.as_of_date', 'day'
        ) }} + max(feed_days.lateness_days) as freshness_days,
        version_days.is_official
    from version_days
    inner join score_days
        on version_days.as_of_date = score_days.as_of_date
    inner join dimensions
        on version_days.health_score_version = dimensions.health_score_version
    left join dimension_systems
        on
            dimensions.health_score_version = dimension_systems.health_score_version
            and dimensions.dimension = dimension_systems.dimension
    left join feed_days
        on
            dimension_systems.system = feed_days.system
            and score_days.measured_on_date = feed_days.as_of_date
    group by
        version_days.as_of_date,
        version_days.health_score_version,
        version_days.is_official,
        dimensions.dimension,
        dimensions.weight
)

select * from final
