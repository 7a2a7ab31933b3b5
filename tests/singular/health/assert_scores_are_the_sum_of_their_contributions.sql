-- The score of every account, day and version must be exactly what its components add plus what people have decided: no
-- hidden term, residual 0; and what is published of the version that holds must add up by itself.
with sums as (
    select
        account_id,
        as_of_date,
        health_score_version,
        sum(contribution_micropoints) as contributions_micropoints
    from {{ ref('int_health_contributions') }}
    group by account_id, as_of_date, health_score_version
),

computed as (
    select
        scores.account_id,
        scores.as_of_date,
        scores.health_score_version,
        scores.score_micropoints,
        coalesce(sums.contributions_micropoints, 0) + scores.override_micropoints
            as parts_micropoints
    from {{ ref('int_account_health_scores') }} as scores
    left join sums
        on
            scores.account_id = sums.account_id
            and scores.as_of_date = sums.as_of_date
            and scores.health_score_version = sums.health_score_version
),

published_sums as (
    select
        account_id,
        as_of_date,
        sum(contribution_micropoints) as contributions_micropoints
    from {{ ref('account_health_contributions_daily') }}
    group by account_id, as_of_date
),

published as (
    select
        daily.account_id,
        daily.as_of_date,
        daily.health_score_version,
        daily.score_micropoints,
        published_sums.contributions_micropoints as parts_micropoints
    from {{ ref('account_health_daily') }} as daily
    left join published_sums
        on
            daily.account_id = published_sums.account_id
            and daily.as_of_date = published_sums.as_of_date
),

checked as (
    select * from computed
    union all
    select * from published
)

select * from checked
where
    score_micropoints is not null
    and (
        score_micropoints <> coalesce(parts_micropoints, -1)
        or score_micropoints < 0
        or score_micropoints > 100000000
    )
