-- Support facts of each account at the end of each day: backlog, flow, satisfaction and speed.
-- Grain: one row an account_id and as_of_date.
with states as (
    select * from {{ ref('int_account_support_states') }}
),

medians as (
    select * from {{ ref('int_account_support_medians') }}
),

final as (
    select
        states.account_id,
        states.open_tickets_count,
        states.urgent_open_tickets_count,
        states.tickets_created_28d_count,
        states.tickets_created_90d_count,
        states.tickets_solved_28d_count,
        states.reopens_90d_count,
        states.escalations_90d_count,
        cast(100 * states.good_ratings_90d_count as double)
        / nullif(states.good_ratings_90d_count + states.bad_ratings_90d_count, 0)
            as csat_90d_pct,
        states.good_ratings_90d_count + states.bad_ratings_90d_count as ratings_90d_count,
        medians.median_first_reply_90d_minutes,
        medians.median_full_resolution_90d_minutes,
        medians.median_first_reply_90d_minutes
        / nullif(medians.median_first_reply_earlier_minutes, 0) as first_reply_ratio,
        medians.median_full_resolution_90d_minutes
        / nullif(medians.median_full_resolution_earlier_minutes, 0) as resolution_ratio,
        states.as_of_date
    from states
    left join medians
        on
            states.account_id = medians.account_id
            and states.medians_date = medians.change_date
)

select * from final
