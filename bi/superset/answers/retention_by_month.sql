select month_start_date, retention_name, retention_ratio as retention
from marts.revenue_retention_monthly
where definition in ('monthly_nrr', 'monthly_grr') and cut_type = 'company' and is_known
