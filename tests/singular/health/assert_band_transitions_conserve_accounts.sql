-- What moved between two month ends must be what stood there: per band, accounts and revenue that came from it are those of
-- the end of the month before, and those that arrived in it are those of the end of the month. Only new accounts come from nowhere.
with transitions as (
    select * from {{ ref('health_band_transitions_monthly') }}
),

stood as (
    select
        as_of_date,
        health_band,
        accounts_count,
        monthly_revenue_usd
    from {{ ref('metrics_health_daily') }}
),

months as (
    select distinct
        month_start_date,
        month_end_date
    from transitions
),

sides as (
    select
        month_start_date,
        'end' as side,
        health_band,
        accounts_count,
        monthly_revenue_usd
    from transitions
    union all
    select
        month_start_date,
        'start' as side,
        previous_health_band as health_band,
        accounts_count,
        previous_monthly_revenue_usd as monthly_revenue_usd
    from transitions
    where previous_health_band <> 'new'
    union all
    select
        months.month_start_date,
        'end' as side,
        stood.health_band,
        -stood.accounts_count as accounts_count,
        -stood.monthly_revenue_usd as monthly_revenue_usd
    from months
    inner join stood
        on months.month_end_date = stood.as_of_date
    union all
    select
        months.month_start_date,
        'start' as side,
        stood.health_band,
        -stood.accounts_count as accounts_count,
        -stood.monthly_revenue_usd as monthly_revenue_usd
    from months
    inner join stood
        on months.month_start_date = stood.as_of_date + interval '1' day
)

select
    month_start_date,
    side,
    health_band,
    sum(accounts_count) as residual_accounts_count,
    sum(monthly_revenue_usd) as residual_revenue_usd
from sides
group by month_start_date, side, health_band
having sum(accounts_count) <> 0 or sum(monthly_revenue_usd) <> 0
