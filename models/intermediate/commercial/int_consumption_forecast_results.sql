-- Forecasts made at past month ends beside what came and what two naive ones would have said: linear burn goes on at
-- the mean of all days so far, the other repeats the mean of the last days. Windows with too many unknown days are left
-- out, the others scaled up by their known days. Grain: one row an account_id, origin_date and horizon_days.
with forecasts as (
    select * from {{ ref('int_consumption_forecasts') }}
    where horizon_days in ({{ var('forecast_horizons_days') | join(', ') }})
),

estimates as (
    select * from {{ ref('int_account_consumption_estimates') }}
),

commits as (
    select
        account_id,
        min(effective_date) as effective_date
    from {{ ref('int_commit_grants') }}
    group by account_id
),

joined as (
    select
        forecasts.account_id,
        forecasts.origin_date,
        forecasts.horizon_days,
        forecasts.p10_credits,
        forecasts.p50_credits,
        forecasts.p90_credits,
        origins.credits_to_date / nullif(origins.known_days_to_date_count, 0)
        * forecasts.horizon_days as linear_credits,
        coalesce(origins.repeated_credits, 0) * forecasts.horizon_days as repeated_credits,
        ends.credits_to_date - origins.credits_to_date as known_credits,
        ends.known_days_to_date_count - origins.known_days_to_date_count as known_days_count,
        coalesce(commits.effective_date <= forecasts.origin_date, false) as has_commit
    from forecasts
    inner join estimates as origins
        on
            forecasts.account_id = origins.account_id
            and forecasts.origin_date = origins.as_of_date
    inner join estimates as ends
        on
            forecasts.account_id = ends.account_id
            and forecasts.forecast_date = ends.as_of_date
    left join commits on forecasts.account_id = commits.account_id
),

final as (
    select
        account_id,
        origin_date,
        horizon_days,
        p10_credits,
        p50_credits,
        p90_credits,
        linear_credits,
        repeated_credits,
        known_credits * horizon_days / nullif(known_days_count, 0) as actual_credits,
        has_commit
    from joined
    where known_days_count >= horizon_days * {{ var('forecast_minimum_known_ratio') }}
)

select * from final
