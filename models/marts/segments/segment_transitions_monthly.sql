-- How accounts moved through the life-cycle: where they stood at the end of the month before and at the end of the month,
-- with those that stayed, so that a month begins with what the one before ended with. The running month ends at the clock;
-- the first has none before it and is left out.
-- Grain: one row a month_start_date, previous_segment and segment.
with daily as (
    select * from {{ ref('account_segments_daily') }}
),

months as (
    select
        cast(date_trunc('month', as_of_date) as date) as month_start_date,
        max(as_of_date) as month_end_date
    from daily
    group by cast(date_trunc('month', as_of_date) as date)
),

month_ends as (
    select
        months.month_start_date,
        months.month_end_date,
        min(months.month_start_date) over () as first_month_start_date,
        daily.segment,
        coalesce(daily.monthly_revenue_usd, 0) as monthly_revenue_usd,
        lag(daily.segment, 1, 'new') over (
            partition by daily.account_id
            order by months.month_start_date
        ) as previous_segment,
        lag(coalesce(daily.monthly_revenue_usd, 0), 1, 0) over (
            partition by daily.account_id
            order by months.month_start_date
        ) as previous_monthly_revenue_usd
    from daily
    inner join months
        on daily.as_of_date = months.month_end_date
),

final as (
    select
        month_start_date,
        previous_segment,
        segment,
        count(*) as accounts_count,
        cast(sum(previous_monthly_revenue_usd) as decimal(18, 2)) as previous_monthly_revenue_usd,
        cast(sum(monthly_revenue_usd) as decimal(18, 2)) as monthly_revenue_usd,
        cast(
            sum(monthly_revenue_usd) - sum(previous_monthly_revenue_usd) as decimal(18, 2)
        ) as monthly_revenue_change_usd,
        month_end_date
    from month_ends
    where month_start_date > first_month_start_date
    group by month_start_date, month_end_date, previous_segment, segment
)

select * from final
