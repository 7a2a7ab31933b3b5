-- How far such forecasts were off in the past.
select
    population,
    horizon_days,
    forecasts_count,
    accounts_count,
    interval_coverage_ratio,
    p50_error_ratio,
    linear_error_ratio
from marts.commit_forecast_backtest
order by population, horizon_days
