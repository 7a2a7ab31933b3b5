-- The support load of a segment by day over the last 90 days.
select
    support.as_of_date,
    count(*) as accounts_count,
    sum(support.open_tickets_count) as open_tickets_count,
    sum(support.urgent_open_tickets_count) as urgent_open_tickets_count,
    sum(support.tickets_created_28d_count) as tickets_created_28d_count,
    avg(support.csat_90d_pct) as csat_90d_pct
from marts.account_support_daily as support
inner join marts.account_segments as segments on support.account_id = segments.account_id
where
    segments.segment = $segment
    and support.as_of_date > (select max(health.as_of_date) from marts.account_health as health) - 90
group by support.as_of_date
order by support.as_of_date
