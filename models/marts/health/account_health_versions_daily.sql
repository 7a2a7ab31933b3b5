-- Every day of every account under every version that is asked for, side by side: what would have been.
-- Grain: one row an account_id, as_of_date and health_score_version.
with scores as (
    select * from {{ ref('int_account_health_scores') }}
),

bands as (
    select * from {{ ref('int_account_health_bands') }}
),

final as (
    select
        scores.account_id,
        scores.as_of_date,
        scores.health_score_version,
        bands.health_band,
        cast(scores.score_micropoints * 0.000001 as decimal(5, 2)) as health_score,
        scores.score_micropoints,
        scores.override_micropoints,
        scores.coverage_ratio,
        scores.is_official
    from scores
    inner join bands
        on
            scores.account_id = bands.account_id
            and scores.as_of_date = bands.as_of_date
            and scores.health_score_version = bands.health_score_version
)

select * from final
