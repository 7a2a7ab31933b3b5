-- The book by state of the life-cycle and size: how many accounts, how much revenue, and which share of it.
-- Grain: one row an as_of_date, segment and size_tier that has accounts.
with daily as (
    select * from {{ ref('account_segments_daily') }}
),

counted as (
    select
        as_of_date,
        segment,
        size_tier,
        is_provisional,
        count(*) as accounts_count,
        cast(sum(coalesce(monthly_revenue_usd, 0)) as decimal(18, 2)) as monthly_revenue_usd
    from daily
    group by as_of_date, segment, size_tier, is_provisional
),

final as (
    select
        as_of_date,
        segment,
        size_tier,
        accounts_count,
        monthly_revenue_usd,
        {{ share_of_total('accounts_count', 'as_of_date') }} as accounts_ratio,
        {{ share_of_total('monthly_revenue_usd', 'as_of_date') }} as monthly_revenue_ratio,
        is_provisional
    from counted
)

select * from final
