-- Detects revenue that does not reach the mart: per account and basis, the ends of all months in the mart must be the
-- revenue of all closed months. Months before the first revenue hold none, so nothing may be lost there either.
with mart as (
    select
        account_id,
        sum(end_usd) filter (where revenue_basis = 'recurring') as recurring_usd,
        sum(end_usd) filter (where revenue_basis = 'metered') as metered_usd,
        sum(end_usd) filter (where revenue_basis = 'total') as total_usd
    from {{ ref('revenue_movements_monthly') }}
    group by account_id
),

months as (
    select
        account_id,
        {{ usd_from_cents('sum(recurring_cents)') }} as recurring_usd,
        {{ usd_from_cents('sum(metered_cents)') }} as metered_usd
    from {{ ref('int_account_revenue_monthly') }}
    where is_closed
    group by account_id
)

select months.account_id
from months
left join mart on months.account_id = mart.account_id
where
    months.recurring_usd <> coalesce(mart.recurring_usd, 0)
    or months.metered_usd <> coalesce(mart.metered_usd, 0)
    or months.recurring_usd + months.metered_usd <> coalesce(mart.total_usd, 0)
