-- Detects net and gross retention that do not tell of the same accounts: for each of them net is gross and what it expanded
-- by, and both divide by the same.
with pairs as (
    select
        'trailing_nrr' as net_definition,
        'trailing_grr' as gross_definition
    union all
    select
        'monthly_nrr' as net_definition,
        'monthly_grr' as gross_definition
),

nets as (
    select
        account_retention.*,
        pairs.gross_definition
    from {{ ref('account_retention_monthly') }} as account_retention
    inner join pairs on account_retention.definition = pairs.net_definition
),

grosses as (
    select account_retention.*
    from {{ ref('account_retention_monthly') }} as account_retention
    inner join pairs on account_retention.definition = pairs.gross_definition
)

select
    coalesce(nets.account_id, grosses.account_id) as account_id,
    coalesce(nets.month_start_date, grosses.month_start_date) as month_start_date
from nets
full outer join grosses
    on
        nets.account_id = grosses.account_id
        and nets.month_start_date = grosses.month_start_date
        and nets.gross_definition = grosses.definition
where
    nets.account_id is null
    or grosses.account_id is null
    or nets.start_amount <> grosses.start_amount
    or nets.end_amount
    <> grosses.end_amount + greatest(nets.end_amount - nets.start_amount, 0)
