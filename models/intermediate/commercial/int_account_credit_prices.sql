-- What a credit of usage costs an account, in US cents, as each closed month leaves it: charges before prepaid credits
-- over usage, of the newest closed months, or of all of them when those had no usage. Usage is scaled up to the days of
-- the month. Grain: one row an account_id and month_start_date.
{%- set by_month -%}
    partition by charges.account_id order by charges.month_start_date rows between
{%- endset %}

with charges as (
    select * from {{ ref('int_account_revenue_monthly') }}
    where is_closed
),

usage_months as (
    select
        account_id,
        cast({{ dbt.date_trunc('month', 'as_of_date') }} as date) as month_start_date,
        sum(cast(credits as double)) * count(*) / nullif(count(credits), 0) as credits
    from {{ ref('int_account_usage_days') }}
    group by account_id, cast({{ dbt.date_trunc('month', 'as_of_date') }} as date)
),

summed as (
    select
        charges.account_id,
        charges.month_start_date,
        {%- for column, name in [('charges.consumption_cents', 'charged_cents'), ('usage_months.credits', 'credits')] %}
        -- A month whose usage nobody knows has no price.
        sum(case when usage_months.credits is not null then {{ column }} end)
            over ({{ by_month }} {{ var('forecast_price_months') - 1 }} preceding and current row)
            as recent_{{ name }},
        sum(case when usage_months.credits is not null then {{ column }} end)
            over ({{ by_month }} unbounded preceding and current row)
            as all_{{ name }},
        {%- endfor %}
        sum(charges.metered_cents)
            over ({{ by_month }} unbounded preceding and current row) as invoiced_cents_to_date
    from charges
    left join usage_months
        on
            charges.account_id = usage_months.account_id
            and charges.month_start_date = usage_months.month_start_date
),

final as (
    select
        account_id,
        month_start_date,
        coalesce(
            recent_charged_cents / nullif(recent_credits, 0),
            all_charged_cents / nullif(all_credits, 0)
        ) as cents_per_credit,
        cast(invoiced_cents_to_date as bigint) as invoiced_cents_to_date
    from summed
)

select * from final
