-- The book by health band and day: how many accounts, how much monthly revenue, mean score.
-- Grain: one row an as_of_date and health_band.
with daily as (
    select * from {{ ref('account_health_daily') }}
),

final as (
    select
        as_of_date,
        health_band,
        is_provisional,
        count(*) as accounts_count,
        cast(coalesce(sum(monthly_revenue_usd), 0) as decimal(18, 2)) as monthly_revenue_usd,
        cast(
            cast(sum(score_micropoints) as double)
            / nullif(1000000.0 * count(score_micropoints), 0) as decimal(5, 2)
        ) as mean_health_score
    from daily
    -- All accounts of a day are provisional, or none is.
    group by as_of_date, health_band, is_provisional
)

select * from final
