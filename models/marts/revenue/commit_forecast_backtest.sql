-- How good the forecast of consumption has been: made again at every past month end from what was known then, and held
-- against what came and against two naive forecasts. Errors are sums of absolute errors over sums of consumption.
-- Grain: one row a population and horizon_days.
with results as (
    select * from {{ ref('int_consumption_forecast_results') }}
),

populations as (
    select
        'all_accounts' as population,
        results.*
    from results
    union all
    select
        'commit_accounts' as population,
        results.*
    from results
    where has_commit
),

errors as (
    select
        population,
        cast(horizon_days as bigint) as horizon_days,
        cast(count(*) as bigint) as forecasts_count,
        cast(count(distinct account_id) as bigint) as accounts_count,
        cast(count(distinct origin_date) as bigint) as origins_count,
        avg(
            case when actual_credits between p10_credits and p90_credits then 1.0 else 0.0 end
        ) as interval_coverage_ratio,
        avg(case when actual_credits < p10_credits then 1.0 else 0.0 end) as below_interval_ratio,
        {%- for forecast in ['p50', 'linear', 'repeated'] %}
        -- Sums of doubles depend on their order, sums of decimals do not.
        cast(
            sum(cast(abs({{ forecast }}_credits - actual_credits) as decimal(24, 6))) as double
        ) / nullif(cast(sum(cast(actual_credits as decimal(24, 6))) as double), 0)
            as {{ forecast }}_error_ratio
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from populations
    group by population, horizon_days
),

final as (
    select
        ---------- keys
        population,
        horizon_days,

        ---------- numbers
        forecasts_count,
        accounts_count,
        origins_count,
        cast(interval_coverage_ratio as double) as interval_coverage_ratio,
        cast(below_interval_ratio as double) as below_interval_ratio,
        p50_error_ratio,
        linear_error_ratio,
        repeated_error_ratio,

        ---------- booleans
        coalesce(p50_error_ratio < linear_error_ratio, false) as is_better_than_linear,
        coalesce(p50_error_ratio < repeated_error_ratio, false) as is_better_than_repeated
    from errors
)

select * from final
