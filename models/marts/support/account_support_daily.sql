-- Support of each account at the end of each day: backlog, flow, satisfaction and speed.
-- Grain: one row an account_id and as_of_date.
with measures as (
    select * from {{ ref('int_account_support_measures') }}
),

final as (
    select
        account_id,
        open_tickets_count,
        urgent_open_tickets_count,
        tickets_created_28d_count,
        tickets_solved_28d_count,
        reopens_90d_count,
        csat_90d_pct,
        ratings_90d_count,
        median_first_reply_90d_minutes,
        median_full_resolution_90d_minutes,
        first_reply_ratio,
        as_of_date
    from measures
)

select * from final
