-- Detects that the same figure computed in two places differs: MRR of an account in the monthly model must be its daily
-- MRR at the end of the month (of the running month: at the clock).
with daily as (
    select
        account_id,
        cast({{ dbt.date_trunc('month', 'as_of_date') }} as date) as month_start_date,
        max_by(mrr_cents, as_of_date) as mrr_cents
    from {{ ref('int_account_commercial_states') }}
    group by account_id, cast({{ dbt.date_trunc('month', 'as_of_date') }} as date)
)

select
    daily.account_id,
    daily.month_start_date
from daily
left join {{ ref('int_account_revenue_monthly') }} as months
    on
        daily.account_id = months.account_id
        and daily.month_start_date = months.month_start_date
where daily.mrr_cents <> coalesce(months.recurring_cents, -1)
