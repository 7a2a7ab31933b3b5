-- The score of every account and day, under every version, must be exactly the sum of what its components and the override
-- add: no hidden term, residual 0.
with sums as (
    select
        account_id,
        as_of_date,
        health_score_version,
        sum(contribution_micropoints) as contributions_micropoints
    from {{ ref('int_health_contributions') }}
    group by account_id, as_of_date, health_score_version
),

published_sums as (
    select
        account_id,
        as_of_date,
        health_score_version,
        sum(contribution_micropoints) as contributions_micropoints
    from {{ ref('account_health_contributions_daily') }}
    group by account_id, as_of_date, health_score_version
),

compared as (
    select
        scores.account_id,
        scores.as_of_date,
        scores.health_score_version,
        scores.is_official,
        scores.score_micropoints,
        coalesce(sums.contributions_micropoints, 0) + scores.override_micropoints
            as expected_micropoints,
        coalesce(published_sums.contributions_micropoints, 0) as published_micropoints
    from {{ ref('account_health_versions_daily') }} as scores
    left join sums
        on
            scores.account_id = sums.account_id
            and scores.as_of_date = sums.as_of_date
            and scores.health_score_version = sums.health_score_version
    left join published_sums
        on
            scores.account_id = published_sums.account_id
            and scores.as_of_date = published_sums.as_of_date
            and scores.health_score_version = published_sums.health_score_version
)

select *
from compared
where
    score_micropoints <> expected_micropoints
    or score_micropoints < 0
    or score_micropoints > 100000000
    or (is_official and score_micropoints <> published_micropoints)
