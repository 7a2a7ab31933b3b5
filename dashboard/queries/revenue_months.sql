-- Closed months with revenue, the newest first.
select distinct month_start_date
from marts.revenue_movements_monthly
order by month_start_date desc
