-- Detects that the same figure computed in two places differs: retention of the month must be (start + expansion -
-- contraction - churn) / start, gross without expansion, of the revenue movements.
with movements as (
    select
        month_start_date,
        sum(start_usd) as start_usd,
        sum(start_usd + expansion_usd - contraction_usd - churn_usd) as net_usd,
        sum(start_usd - contraction_usd - churn_usd) as gross_usd
    from {{ ref('revenue_movements_monthly') }}
    -- A start of less than nothing is no customer: whatever moves then is no expansion of one.
    where revenue_basis = 'total' and start_usd > 0
    group by month_start_date
)

select
    retention.month_start_date,
    retention.definition
from {{ ref('revenue_retention_monthly') }} as retention
left join movements
    on retention.month_start_date = movements.month_start_date
where
    retention.cut_type = 'company'
    and retention.is_known
    and retention.definition in ('monthly_nrr', 'monthly_grr')
    and (
        retention.start_usd <> coalesce(movements.start_usd, 0)
        or retention.end_usd <> coalesce(
            case
                when retention.definition = 'monthly_nrr' then movements.net_usd
                else movements.gross_usd
            end, 0
        )
    )
