-- Band of each account and day under each version: the highest band whose edge the account has crossed, with hysteresis.
-- A withheld score is `unknown`, an ended subscription `churned` at once, and neither forgets the band.
-- Grain: one row an account_id, as_of_date and health_score_version.
with scores as (
    select * from {{ ref('int_account_health_scores') }}
),

latches as (
    select
        account_id,
        as_of_date,
        health_score_version,
        max(case when is_above then edge_number else 1 end) as sort_order
    from {{ ref('int_account_health_latches') }}
    group by account_id, as_of_date, health_score_version
),

bands as (
    select * from {{ ref('health_bands') }}
),

final as (
    select
        scores.account_id,
        scores.as_of_date,
        scores.health_score_version,
        case
            when scores.is_churned then 'churned'
            when scores.score_micropoints is null then 'unknown'
            else readings.health_band
        end as band_reading,
        case
            when scores.is_churned then 'churned'
            when scores.score_micropoints is null then 'unknown'
            else bands.health_band
        end as health_band
    from scores
    inner join latches
        on
            scores.account_id = latches.account_id
            and scores.as_of_date = latches.as_of_date
            and scores.health_score_version = latches.health_score_version
    inner join bands
        on
            latches.health_score_version = bands.health_score_version
            and latches.sort_order = bands.sort_order
    left join bands as readings
        on
            scores.health_score_version = readings.health_score_version
            and scores.score_micropoints >= readings.lower_score * 1000000
            and (
                scores.score_micropoints < readings.upper_score * 1000000
                or readings.upper_score = 100
            )
)

select * from final
