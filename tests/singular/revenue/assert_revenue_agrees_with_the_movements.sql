-- Detects that booked revenue and movements tell two stories of one month: in each closed month of an account, MRR and
-- metered revenue of all its products and teams must be the ends of its movements, to the cent. Before its first revenue an
-- account has no movements, and no more than nothing.
with mart as (
    select
        account_id,
        month_start_date,
        sum(mrr_usd) as recurring_usd,
        sum(metered_usd) as metered_usd
    from {{ ref('account_revenue_monthly') }}
    where month_state = 'closed'
    group by account_id, month_start_date
),

movements as (
    select
        account_id,
        month_start_date,
        sum(end_usd) filter (where revenue_basis = 'recurring') as recurring_usd,
        sum(end_usd) filter (where revenue_basis = 'metered') as metered_usd
    from {{ ref('revenue_movements_monthly') }}
    group by account_id, month_start_date
)

select
    coalesce(mart.account_id, movements.account_id) as account_id,
    coalesce(mart.month_start_date, movements.month_start_date) as month_start_date
from mart
full outer join movements
    on
        mart.account_id = movements.account_id
        and mart.month_start_date = movements.month_start_date
where
    coalesce(mart.recurring_usd, 0)
    <> coalesce(movements.recurring_usd, least(mart.recurring_usd, 0), 0)
    or coalesce(mart.metered_usd, 0)
    <> coalesce(movements.metered_usd, least(mart.metered_usd, 0), 0)
