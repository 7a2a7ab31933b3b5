-- Monthly recurring revenue of each product at the end of a month (of the running month: at the clock), at the quantities
-- and prices that held then. Grain: one row an account_id, billing_product_id, use_case_id, currency and month_start_date;
-- none without revenue.
with account_months as (
    select
        account_months.account_id,
        account_months.month_start_date,
        least(account_months.month_end_date, clock.as_of_date) as read_date
    from {{ ref('int_account_months') }} as account_months
    cross join {{ ref('util_as_of') }} as clock
),

item_periods as (
    select * from {{ ref('int_subscription_item_periods') }}
    where mrr_cents <> 0
),

prices as (
    select * from {{ ref('int_prices_described') }}
),

final as (
    select
        account_months.account_id,
        item_periods.billing_product_id,
        prices.use_case_id,
        item_periods.currency,
        cast(sum(item_periods.mrr_cents) as bigint) as mrr_cents,
        account_months.month_start_date
    from account_months
    inner join item_periods
        on
            account_months.account_id = item_periods.account_id
            and account_months.read_date >= item_periods.valid_from_date
            and (
                item_periods.valid_to_date is null
                or account_months.read_date < item_periods.valid_to_date
            )
    left join prices on item_periods.billing_price_id = prices.billing_price_id
    group by
        account_months.account_id,
        item_periods.billing_product_id,
        prices.use_case_id,
        item_periods.currency,
        account_months.month_start_date
)

select * from final
