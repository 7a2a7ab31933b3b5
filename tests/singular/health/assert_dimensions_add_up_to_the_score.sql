-- Whoever sums the dimensions of an account must meet its score: what the dimensions add, and what an override adds, is the
-- score exactly; each has what its components add; and no account and day lacks a dimension of its version.
with dimensions as (
    select
        account_id,
        as_of_date,
        count(*) as dimensions_count,
        sum(weight) as weight,
        sum(contribution_micropoints) as contribution_micropoints
    from {{ ref('account_health_dimensions_daily') }}
    group by account_id, as_of_date
),

versions as (
    select
        health_score_version,
        count(distinct dimension) as dimensions_count,
        sum(weight) as weight
    from {{ ref('health_components') }}
    group by health_score_version
),

components as (
    select
        account_id,
        as_of_date,
        sum(contribution_micropoints) as contribution_micropoints
    from {{ ref('account_health_contributions_daily') }}
    where dimension <> 'override'
    group by account_id, as_of_date
)

select
    daily.account_id,
    daily.as_of_date,
    daily.score_micropoints,
    daily.override_micropoints,
    dimensions.contribution_micropoints,
    dimensions.dimensions_count
from {{ ref('account_health_daily') }} as daily
inner join versions
    on daily.health_score_version = versions.health_score_version
left join dimensions
    on
        daily.account_id = dimensions.account_id
        and daily.as_of_date = dimensions.as_of_date
left join components
    on
        daily.account_id = components.account_id
        and daily.as_of_date = components.as_of_date
where
    dimensions.account_id is null
    or dimensions.dimensions_count <> versions.dimensions_count
    or dimensions.weight <> versions.weight
    or dimensions.contribution_micropoints <> coalesce(components.contribution_micropoints, 0)
    or daily.score_micropoints
    <> dimensions.contribution_micropoints + daily.override_micropoints
