-- Consumption from the end of an origin day on, added up: median and 80% interval. The week before the origin, at the
-- weekday means of that day, is repeated at the level and growth of that day; nothing later is read, so that what is
-- forecast today and what the backtest judges are the same. Grain: one row an account_id, origin_date and horizon_days:
-- every day for the clock, the horizons of the backtest otherwise.
{%- set horizons = var('forecast_horizons_days') %}
{%- set damping = var('forecast_growth_damping') %}

with origins as (
    select * from {{ ref('int_consumption_forecast_origins') }}
),

estimates as (
    select * from {{ ref('int_account_consumption_estimates') }}
),

longest as (
    select coalesce(max(horizon_days), 1) as horizon_days from origins
),

weeks as (
    select {{ number_spine('1', 'cast(ceil((longest.horizon_days + 6) / 7.0) as int)') }} as week_number
    from longest
),

weekdays as (
    select
        origins.*,
        levels.level_credits,
        levels.growth_ratio,
        coalesce(levels.noise_credits, levels.level_credits) as noise_credits,
        levels.pattern_credits,
        coalesce(pattern_days.weekday_credits, 0) as weekday_credits,
        {{ dbt.datediff('origins.origin_date', 'pattern_days.as_of_date', 'day') }} as day_offset
    from origins
    inner join estimates as levels
        on
            origins.account_id = levels.account_id
            and origins.origin_date = levels.as_of_date
    inner join estimates as pattern_days
        on
            origins.account_id = pattern_days.account_id
            and pattern_days.as_of_date <= origins.origin_date
            and pattern_days.as_of_date > {{ dbt.dateadd('day', -7, 'origins.origin_date') }}
),

forecast_days as (
    select
        weekdays.account_id,
        weekdays.origin_date,
        weekdays.is_live,
        weekdays.noise_credits,
        weekdays.day_offset + 7 * weeks.week_number as horizon_days,
        weekdays.level_credits
        * coalesce(weekdays.weekday_credits / nullif(weekdays.pattern_credits, 0), 0)
        * exp(
            weekdays.growth_ratio * {{ damping / (1 - damping) }}
            * (1 - power({{ damping }}, (weekdays.day_offset + 7 * weeks.week_number) / 7.0))
        ) as credits
    from weekdays
    inner join weeks
        on
            weekdays.day_offset + 7 * weeks.week_number <= weekdays.horizon_days
            and weekdays.day_offset + 7 * weeks.week_number > 0
),

added_up as (
    select
        *,
        sum(credits) over (
            partition by account_id, origin_date
            order by horizon_days
            rows between unbounded preceding and current row
        ) as median_credits
    from forecast_days
),

spread as (
    select
        *,
        {{ var('forecast_interval_deviations') }} * sqrt(
            {{ var('forecast_noise_weight') }}
            * power(noise_credits * horizon_days / 7.0, 2)
            + power({{ var('forecast_drift') }} * median_credits, 2) * horizon_days / 21.0
        ) as half_width_credits
    from added_up
),

final as (
    select
        account_id,
        origin_date,
        horizon_days,
        is_live,
        cast({{ dbt.dateadd('day', 'horizon_days', 'origin_date') }} as date) as forecast_date,
        -- What was consumed stays consumed: a wide interval may not sink with the days.
        greatest(0, max(median_credits - half_width_credits) over (
            partition by account_id, origin_date
            order by horizon_days
            rows between unbounded preceding and current row
        )) as p10_credits,
        median_credits as p50_credits,
        median_credits + half_width_credits as p90_credits
    from spread
)

select * from final
where is_live or horizon_days in ({{ horizons | join(', ') }})
