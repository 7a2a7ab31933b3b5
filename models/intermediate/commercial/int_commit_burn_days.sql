-- Commits on each day, with the usage that no invoice has charged yet: the ledger moves once a month, usage every day.
-- Unbilled usage is paid by the open commits of the account in their burn order; what they cannot pay is overage.
-- Grain: one row a credit_grant_id and as_of_date.
with ledger_days as (
    select
        *,
        cast({{ dbt.date_trunc('month', 'as_of_date') }} as date) as month_start_date,
        consumed_cents - lag(consumed_cents, 1, 0) over (
            partition by credit_grant_id order by as_of_date
        ) as drawn_cents
    from {{ ref('int_commit_ledger_days') }}
),

unbilled_days as (
    select * from {{ ref('int_account_unbilled_days') }}
),

prices as (
    select * from {{ ref('int_account_credit_prices') }}
),

months as (
    select
        *,
        sum(drawn_cents) over (
            partition by credit_grant_id, month_start_date
            order by as_of_date
            rows between unbounded preceding and current row
        ) as drawn_this_month_cents,
        coalesce(sum(balance_cents) over (
            partition by account_id, as_of_date
            order by burn_priority, expires_date, credit_grant_id
            rows between unbounded preceding and 1 preceding
        ), 0) as ahead_cents,
        sum(balance_cents) over (partition by account_id, as_of_date) as account_balance_cents
    from ledger_days
),

-- Draws of the first days of a month pay for the month before, which is not closed yet and still counted as unbilled.
joined as (
    select
        months.*,
        unbilled_days.cents_per_credit,
        unbilled_days.seasonal_daily_cents,
        unbilled_days.invoiced_cents_to_date
        - coalesce(prices.invoiced_cents_to_date, 0) as invoiced_cents,
        greatest(0, unbilled_days.unbilled_cents - sum(
            case
                when unbilled_days.unclosed_from_date < months.month_start_date
                    then months.drawn_this_month_cents
                else 0
            end
        ) over (partition by months.account_id, months.as_of_date)) as unbilled_cents
    from months
    inner join unbilled_days
        on
            months.account_id = unbilled_days.account_id
            and months.as_of_date = unbilled_days.as_of_date
    left join prices
        on
            months.account_id = prices.account_id
            and cast(
                {{ dbt.dateadd('month', -1, dbt.date_trunc('month', 'months.effective_date')) }}
                as date
            ) = prices.month_start_date
),

final as (
    select
        credit_grant_id,
        account_id,
        burn_priority,
        granted_cents,
        consumed_cents,
        expired_cents,
        voided_cents,
        rolled_cents,
        balance_cents,
        case
            when balance_cents = 0 then 0
            when cents_per_credit is not null
                then cast(
                    least(balance_cents, greatest(unbilled_cents - ahead_cents, 0)) as bigint
                )
        end as unbilled_cents,
        cast(
            greatest(invoiced_cents, 0)
            + greatest(coalesce(unbilled_cents, 0) - account_balance_cents, 0) as bigint
        ) as overage_cents,
        cents_per_credit,
        seasonal_daily_cents,
        term_days,
        {{ dbt.datediff('effective_date', 'as_of_date', 'day') }} as elapsed_days,
        effective_date,
        expires_date,
        ended_date,
        as_of_date
    from joined
)

select * from final
