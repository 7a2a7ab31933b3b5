-- Consumption of an account among its peers: accounts of the same plan and age class that used anything in the window.
-- Grain: one row an account_id and as_of_date, dense.
with usage_windows as (
    select * from {{ ref('int_account_usage_windows') }}
),

plan_days as (
    select * from {{ ref('int_account_plan_days') }}
),

levels as (
    select
        usage_windows.account_id,
        usage_windows.as_of_date,
        plan_days.plan,
        plan_days.account_age_class,
        -- By known day, as a young account's window is as long as its life.
        cast(usage_windows.consumption_credits_28d as double)
        / nullif(usage_windows.known_days_28d_count, 0) as mean_credits_28d,
        coalesce(usage_windows.consumption_credits_28d, 0) > 0 as is_peer
    from usage_windows
    inner join plan_days
        on
            usage_windows.account_id = plan_days.account_id
            and usage_windows.as_of_date = plan_days.as_of_date
),

-- Who has left stays in the book with nothing for ever, and would lift everybody else: it is no peer.
ranked as (
    select
        account_id,
        as_of_date,
        plan,
        mean_credits_28d,
        is_peer,
        sum(case when is_peer then 1 else 0 end) over (
            partition by as_of_date, plan, account_age_class
        ) as peers_count,
        percent_rank() over (
            partition by as_of_date, plan, account_age_class, is_peer
            order by mean_credits_28d asc nulls first
        ) as peer_rank
    from levels
),

final as (
    select
        ---------- keys
        account_id,
        as_of_date,

        ---------- numbers
        case
            when plan is null or peers_count < {{ var('minimum_peers_count') }} then null
            when is_peer then 100 * peer_rank
            when mean_credits_28d = 0 then 0
        end as consumption_peer_percentile
    from ranked
)

select * from final
