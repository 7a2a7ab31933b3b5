-- Band of each account and day with hysteresis: a new band counts after it has held for the version's number of
-- consecutive days; a withheld score is `unknown`, an ended subscription `churned` at once, and neither forgets the band.
-- A day that only repeats an earlier one confirms and interrupts nothing: it keeps that day's band.
-- Grain: one row an account_id and as_of_date.
with scores as (
    select * from {{ ref('int_account_health_scores') }}
),

versions as (
    select * from {{ ref('health_score_versions') }}
),

bands as (
    select * from {{ ref('health_bands') }}
),

readings as (
    select
        scores.account_id,
        scores.as_of_date,
        versions.band_confirm_days,
        coalesce(scores.measured_on_date = scores.as_of_date, false) as is_live,
        case
            when scores.is_churned then 'churned'
            else coalesce(bands.health_band, 'unknown')
        end as reading
    from scores
    inner join versions
        on scores.health_score_version = versions.health_score_version
    left join bands
        on
            scores.health_score_version = bands.health_score_version
            and scores.score_micropoints >= bands.lower_score * 1000000
            and (scores.score_micropoints < bands.upper_score * 1000000 or bands.upper_score = 100)
),

islands as (
    select
        *,
        row_number() over (partition by account_id, is_live order by as_of_date)
        - row_number() over (partition by account_id, is_live, reading order by as_of_date)
            as island
    from readings
),

confirmed as (
    select
        *,
        case
            when
                reading not in ('unknown', 'churned')
                and is_live
                and row_number() over (
                    partition by account_id, is_live, reading, island order by as_of_date
                ) >= band_confirm_days
                then reading
        end as confirmed_band
    from islands
),

runs as (
    select
        *,
        count(confirmed_band) over (partition by account_id order by as_of_date) as run_number
    from confirmed
),

final as (
    select
        account_id,
        as_of_date,
        reading as band_reading,
        case
            when reading in ('unknown', 'churned') then reading
            else coalesce(max(confirmed_band) over (partition by account_id, run_number), reading)
        end as health_band
    from runs
)

select * from final
