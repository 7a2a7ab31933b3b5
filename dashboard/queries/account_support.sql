-- Tickets by day over the last half year.
select
    daily.as_of_date,
    daily.open_tickets_count,
    daily.urgent_open_tickets_count,
    daily.tickets_created_28d_count,
    daily.tickets_solved_28d_count,
    daily.csat_90d_pct,
    daily.ratings_90d_count,
    daily.median_first_reply_90d_minutes / 60 as first_reply_hours,
    daily.median_full_resolution_90d_minutes / 60 as resolution_hours
from marts.account_support_daily as daily
cross join ops.publishes
where daily.account_id = $account_id and daily.as_of_date > publishes.as_of_date - 182
order by daily.as_of_date
