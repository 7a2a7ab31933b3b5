-- Detects the well-known errors in any group: gross, logo and activity retention above 1, a denominator below 0, more
-- accounts retained than were there, a figure where history is too short or none where it is not.
select
    month_start_date,
    definition,
    cut_type,
    cut_value
from {{ ref('revenue_retention_monthly') }}
where
    (retention_kind <> 'net' and end_amount > start_amount)
    or start_amount < 0
    or retained_accounts_count > cohort_accounts_count
    or is_known <> (start_amount is not null)
    or (retention_ratio is null) <> (coalesce(start_amount, 0) = 0)
