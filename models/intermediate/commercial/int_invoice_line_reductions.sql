-- What lowers an invoice line before tax, by who paid for it: prepaid commits, promotional credits, discounts. Credits of
-- an unknown grant count as promotional: that they were paid for is not known. Grain: one row a billing_invoice_line_id.
with line_credits as (
    select * from {{ ref('stg_billing__invoice_line_credits') }}
),

transactions as (
    select * from {{ ref('stg_billing__credit_balance_transactions') }}
),

grants as (
    select * from {{ ref('stg_billing__credit_grants') }}
),

joined as (
    select
        line_credits.billing_invoice_line_id,
        line_credits.credited_minor_units,
        line_credits.credit_type = 'discount' as is_discount,
        coalesce(grants.grant_category = 'paid', false) as is_prepaid
    from line_credits
    left join transactions
        on
            line_credits.credit_balance_transaction_id
            = transactions.credit_balance_transaction_id
    left join grants on transactions.credit_grant_id = grants.credit_grant_id
),

final as (
    select
        billing_invoice_line_id,
        cast(sum(case when is_prepaid then credited_minor_units else 0 end) as bigint)
            as committed_minor_units,
        cast(
            sum(case when is_prepaid or is_discount then 0 else credited_minor_units end) as bigint
        ) as promotional_minor_units,
        cast(sum(case when is_discount then credited_minor_units else 0 end) as bigint)
            as discount_minor_units
    from joined
    group by billing_invoice_line_id
)

select * from final
