-- Consumption of an account against longer pasts and against the season: what the whole book did over the same windows.
-- Windows are compared by the rule of int_account_usage_measures.
-- Grain: one row an account_id and as_of_date, dense.
{%- set tolerance_28d = var('known_days_tolerance_28d') %}
{%- set tolerance_90d = var('known_days_tolerance_90d') %}

with usage_windows as (
    select * from {{ ref('int_account_usage_windows') }}
),

usage_measures as (
    select * from {{ ref('int_account_usage_measures') }}
),

means as (
    select
        account_id,
        as_of_date,
        days_to_date_count,
        known_days_28d_count,
        known_days_90d_count,
        cast(consumption_credits_28d as double)
        / nullif(known_days_28d_count, 0) as mean_credits_28d,
        cast(consumption_credits_90d as double)
        / nullif(known_days_90d_count, 0) as mean_credits_90d
    from usage_windows
),

lagged_means as (
    select
        *,
        {{ lagged('mean_credits_90d', 90) }} as previous_mean_credits_90d,
        {{ lagged('known_days_90d_count', 90) }} as previous_known_days_90d_count,
        {{ lagged('mean_credits_28d', 364) }} as mean_credits_28d_year_before,
        {{ lagged('known_days_28d_count', 364) }} as known_days_28d_year_before_count
    from means
),

-- How many times its earlier consumption each account has; one that is still new to the product says nothing about a season.
ratios as (
    select
        lagged_means.*,
        1 + usage_measures.consumption_change_28d_pct / 100 as consumption_ratio,
        lagged_means.days_to_date_count >= {{ var('season_peer_days') }} as is_season_peer
    from lagged_means
    inner join usage_measures
        on
            lagged_means.account_id = usage_measures.account_id
            and lagged_means.as_of_date = usage_measures.as_of_date
),

seasons as (
    select
        as_of_date,
        percentile_cont(0.5) within group (order by consumption_ratio) as median_ratio
    from ratios
    where is_season_peer and consumption_ratio is not null
    group by as_of_date
    having count(*) >= {{ var('minimum_peers_count') }}
),

final as (
    select
        ---------- keys
        ratios.account_id,
        ratios.as_of_date,

        ---------- numbers
        {{ change_pct('ratios.consumption_ratio', 'seasons.median_ratio') }}
            as consumption_change_28d_seasonal_pct,
        case
            when
                ratios.days_to_date_count >= 180
                and abs(ratios.known_days_90d_count - ratios.previous_known_days_90d_count)
                <= {{ tolerance_90d }}
                then {{ change_pct('ratios.mean_credits_90d', 'ratios.previous_mean_credits_90d') }}
        end as consumption_change_90d_pct,
        case
            when
                ratios.days_to_date_count >= 392
                and abs(ratios.known_days_28d_count - ratios.known_days_28d_year_before_count)
                <= {{ tolerance_28d }}
                then {{ change_pct(
                    'ratios.mean_credits_28d', 'ratios.mean_credits_28d_year_before'
                ) }}
        end as consumption_change_364d_pct
    from ratios
    left join seasons
        on ratios.as_of_date = seasons.as_of_date
)

select * from final
