-- Usage of an account that no invoice has charged yet, at the end of each day: credits since the newest closed month, at
-- the account's price. Unknown days count with the mean of their weekday. Only days on which the account has a commit.
-- Grain: one row an account_id and as_of_date.
with commit_days as (
    select
        account_id,
        as_of_date,
        cast(
            {{ dbt.date_trunc(
                'month', dbt.dateadd('day', 1 - var('revenue_close_days'), 'as_of_date')
            ) }} as date
        ) as unclosed_from_date
    from {{ ref('int_commit_ledger_days') }}
    group by account_id, as_of_date
),

estimates as (
    select * from {{ ref('int_account_consumption_estimates') }}
),

prices as (
    select * from {{ ref('int_account_credit_prices') }}
),

final as (
    select
        commit_days.account_id,
        commit_days.as_of_date,
        prices.cents_per_credit,
        coalesce(prices.invoiced_cents_to_date, 0) as invoiced_cents_to_date,
        cast(round(
            (estimates.filled_credits_to_date - coalesce(closed.filled_credits_to_date, 0))
            * prices.cents_per_credit
        ) as bigint) as unbilled_cents,
        estimates.pattern_credits / 7.0 * prices.cents_per_credit as seasonal_daily_cents,
        commit_days.unclosed_from_date
    from commit_days
    inner join estimates
        on
            commit_days.account_id = estimates.account_id
            and commit_days.as_of_date = estimates.as_of_date
    left join estimates as closed
        on
            commit_days.account_id = closed.account_id
            and cast({{ dbt.dateadd('day', -1, 'commit_days.unclosed_from_date') }} as date)
            = closed.as_of_date
    left join prices
        on
            commit_days.account_id = prices.account_id
            and cast({{ dbt.dateadd('month', -1, 'commit_days.unclosed_from_date') }} as date)
            = prices.month_start_date
)

select * from final
