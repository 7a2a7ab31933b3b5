-- Health of each account on each day under the version that holds on it: score, band, coverage, the score of each dimension and the strongest drivers.
-- Grain: one row an account_id and as_of_date.
with scores as (
    select * from {{ ref('int_account_health_scores') }}
    where is_official
),

bands as (
    select * from {{ ref('int_account_health_bands') }}
),

score_days as (
    select * from {{ ref('int_score_days') }}
),

measures as (
    select * from {{ ref('int_account_measures') }}
),

final as (
    select
        scores.account_id,
        scores.as_of_date,
        scores.health_score_version,
        bands.health_band,
        scores.worst_component,
        scores.best_component,
        scores.override_reason,
        cast(scores.score_micropoints * 0.000001 as decimal(5, 2)) as health_score,
        scores.score_micropoints,
        scores.override_micropoints,
        scores.coverage_ratio,
        scores.usage_score,
        scores.adoption_score,
        scores.commercial_score,
        scores.support_score,
        scores.relationship_score,
        cast(measures.monthly_revenue_usd as decimal(18, 2)) as monthly_revenue_usd,
        score_days.is_provisional,
        score_days.provisional_reason,
        score_days.measured_on_date
    from scores
    inner join bands
        on
            scores.account_id = bands.account_id
            and scores.as_of_date = bands.as_of_date
            and scores.health_score_version = bands.health_score_version
    inner join measures
        on
            scores.account_id = measures.account_id
            and scores.as_of_date = measures.as_of_date
    inner join score_days
        on scores.as_of_date = score_days.as_of_date
)

select * from final
