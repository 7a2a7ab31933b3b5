-- Revenue of accounts by calendar month in US cents: recurring at the month's end (for the running month at the clock),
-- metered by service period, adjustments by their own day. No month is missing.
-- Grain: one row an account_id and month_start_date.
with account_months as (
    select * from {{ ref('int_account_months') }}
),

mrr_changes as (
    select
        account_id,
        cast({{ dbt.date_trunc('month', 'change_date') }} as date) as month_start_date,
        sum(mrr_cents_change) as mrr_cents_change
    from {{ ref('int_account_mrr_changes') }}
    group by account_id, cast({{ dbt.date_trunc('month', 'change_date') }} as date)
),

metered as (
    select
        account_id,
        month_start_date,
        sum(metered_cents) as metered_cents,
        sum(consumption_cents) as consumption_cents
    from {{ ref('int_invoice_lines_allotted_to_months') }}
    group by account_id, month_start_date
),

adjustments as (
    select
        account_id,
        cast({{ dbt.date_trunc('month', 'effective_date') }} as date) as month_start_date,
        sum(adjustment_cents) as adjustments_cents
    from {{ ref('int_invoice_adjustments') }}
    group by account_id, cast({{ dbt.date_trunc('month', 'effective_date') }} as date)
),

final as (
    select
        account_months.account_id,
        cast(
            sum(coalesce(mrr_changes.mrr_cents_change, 0)) over (
                partition by account_months.account_id
                order by account_months.month_start_date
                rows between unbounded preceding and current row
            ) as bigint
        ) as recurring_cents,
        cast(coalesce(metered.metered_cents, 0) as bigint) as metered_cents,
        cast(coalesce(metered.consumption_cents, 0) as bigint) as consumption_cents,
        cast(coalesce(adjustments.adjustments_cents, 0) as bigint) as adjustments_cents,
        account_months.is_closed,
        account_months.month_start_date
    from account_months
    left join mrr_changes
        on
            account_months.account_id = mrr_changes.account_id
            and account_months.month_start_date = mrr_changes.month_start_date
    left join metered
        on
            account_months.account_id = metered.account_id
            and account_months.month_start_date = metered.month_start_date
    left join adjustments
        on
            account_months.account_id = adjustments.account_id
            and account_months.month_start_date = adjustments.month_start_date
)

select * from final
