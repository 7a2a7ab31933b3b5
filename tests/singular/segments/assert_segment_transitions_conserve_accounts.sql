-- What a state holds at the end of a month is what it held at the end of the month before, plus who came, less who left, in
-- accounts and in revenue; else accounts were lost or counted twice.
with transitions as (
    select * from {{ ref('segment_transitions_monthly') }}
),

daily as (
    select
        *,
        cast(date_trunc('month', as_of_date) as date) as month_start_date,
        max(as_of_date) over (partition by date_trunc('month', as_of_date)) as month_end_date
    from {{ ref('account_segments_daily') }}
),

balances as (
    select
        month_start_date,
        segment,
        count(*) as accounts_count,
        sum(coalesce(monthly_revenue_usd, 0)) as monthly_revenue_usd
    from daily
    where as_of_date = month_end_date
    group by month_start_date, segment
),

flows as (
    -- The opening balance stands in the month that follows.
    select
        cast({{ dbt.dateadd('month', 1, 'month_start_date') }} as date) as month_start_date,
        segment,
        accounts_count,
        monthly_revenue_usd
    from balances
    union all
    select
        month_start_date,
        segment,
        accounts_count,
        monthly_revenue_usd
    from transitions
    where segment <> previous_segment
    union all
    select
        month_start_date,
        previous_segment,
        -accounts_count,
        -previous_monthly_revenue_usd
    from transitions
    where segment <> previous_segment and previous_segment <> 'new'
    union all
    -- Those that stayed change the revenue only.
    select
        month_start_date,
        segment,
        0 as accounts_count,
        monthly_revenue_change_usd
    from transitions
    where segment = previous_segment
    union all
    select
        month_start_date,
        segment,
        -accounts_count,
        -monthly_revenue_usd
    from balances
),

months as (
    select distinct month_start_date
    from transitions
)

select
    flows.month_start_date,
    flows.segment,
    sum(flows.accounts_count) as accounts_residual,
    sum(flows.monthly_revenue_usd) as monthly_revenue_residual_usd
from flows
inner join months
    on flows.month_start_date = months.month_start_date
group by flows.month_start_date, flows.segment
having sum(flows.accounts_count) <> 0 or sum(flows.monthly_revenue_usd) <> 0
