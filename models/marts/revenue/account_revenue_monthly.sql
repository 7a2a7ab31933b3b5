-- What was booked for accounts, by month, product, use case and team: in minor units of the currency and in dollars.
-- Grain: one row an account_id, month_start_date, billing_product_id, use_case_id, workspace_id and currency.
with revenue_months as (
    select * from {{ ref('int_revenue_pivoted_monthly') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

products as (
    select * from {{ ref('int_billing_products') }}
),

clock as (
    select as_of_date from {{ ref('util_as_of') }}
),

final as (
    select
        ---------- keys
        revenue_months.account_id,
        revenue_months.month_start_date,
        revenue_months.billing_product_id,
        revenue_months.use_case_id,
        revenue_months.workspace_id,
        revenue_months.currency,

        ---------- strings
        accounts.account_name,
        products.product_name,
        revenue_months.team_name,
        case when revenue_months.workspace_id is not null then 'measured_use' else 'none' end
            as team_allotment,
        case
            when revenue_months.month_start_date > clock.as_of_date then 'deferred'
            when
                {{ dbt.dateadd(
                    'day',
                    var('revenue_close_days'),
                    dbt.last_day('revenue_months.month_start_date', 'month')
                ) }} <= clock.as_of_date then 'closed'
            else 'open'
        end as month_state,

        ---------- numbers
        {%- for part in [
            'recurring', 'one_time', 'metered', 'discounts', 'credit_notes', 'refunds', 'revenue',
            'committed', 'promotional', 'overage', 'taxes',
        ] %}
        revenue_months.{{ part }}_minor_units,
        {{ usd_from_cents('revenue_months.' ~ part ~ '_cents') }} as {{ part }}_usd,
        {%- endfor %}
        {{ usd_from_cents('revenue_months.mrr_cents') }} as mrr_usd
    from revenue_months
    cross join clock
    inner join accounts on revenue_months.account_id = accounts.account_id
    left join products on revenue_months.billing_product_id = products.billing_product_id
)

select * from final
