-- What each day of product usage may prove: holidays and days whose usage is not known are evidence of nothing, and while
-- the feed is held nothing is confirmed. Grain: one row an as_of_date, from the first delivery of the product to the clock.
with feed_health as (
    select * from {{ ref('int_feed_health') }}
    where system = 'product'
),

holds as (
    select * from {{ ref('int_feed_holds') }}
    where system = 'product'
),

holidays as (
    select * from {{ ref('holidays') }}
),

numbered as (
    select
        *,
        -- 0 is a Monday.
        mod({{ dbt.datediff("cast('1970-01-05' as date)", 'as_of_date', 'day') }}, 7)
            as weekday_number
    from feed_health
),

final as (
    select
        numbered.as_of_date,
        numbered.weekday_number,
        numbered.weekday_number >= 5 as is_weekend,
        numbered.is_counted and holidays.holiday_date is null as is_evidence,
        numbered.is_trusted and not coalesce(holds.is_holding, false) as is_confirming
    from numbered
    left join holds
        on numbered.as_of_date = holds.as_of_date
    left join holidays
        on numbered.as_of_date = holidays.holiday_date
)

select * from final
