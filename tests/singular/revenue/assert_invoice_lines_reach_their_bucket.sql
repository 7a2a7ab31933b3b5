-- Detects an invoiced amount that falls out on the way: per account, all lines of standing invoices = recurring + metered
-- + other lines, and what is metered = the metered revenue of all its months, before and after credits.
with raw_lines as (
    select
        invoices.account_id,
        count(*) as lines_count
    from {{ ref('stg_billing__invoice_lines') }} as invoice_lines
    inner join {{ ref('int_invoices_attributed') }} as invoices
        on invoice_lines.billing_invoice_id = invoices.billing_invoice_id
    where not invoices.is_void and invoices.account_id is not null
    group by invoices.account_id
),

buckets as (
    select
        account_id,
        count(*) as lines_count,
        sum(billed_cents) as billed_cents,
        sum(billed_cents) filter (where revenue_bucket = 'recurring') as recurring_cents,
        coalesce(
            sum(billed_cents) filter (where revenue_bucket = 'metered'), 0
        ) as consumption_cents,
        sum(billed_cents) filter (where revenue_bucket = 'other') as other_cents,
        coalesce(
            sum(billed_cents - credited_cents) filter (where revenue_bucket = 'metered'), 0
        ) as metered_cents
    from {{ ref('int_invoice_lines_classified') }}
    group by account_id
),

months as (
    select
        account_id,
        sum(metered_cents) as metered_cents,
        sum(consumption_cents) as consumption_cents
    from {{ ref('int_account_revenue_monthly') }}
    group by account_id
)

select raw_lines.account_id
from raw_lines
left join buckets on raw_lines.account_id = buckets.account_id
left join months on raw_lines.account_id = months.account_id
where
    raw_lines.lines_count <> coalesce(buckets.lines_count, 0)
    or buckets.billed_cents
    <> coalesce(buckets.recurring_cents, 0)
    + buckets.consumption_cents
    + coalesce(buckets.other_cents, 0)
    or buckets.metered_cents <> coalesce(months.metered_cents, 0)
    or buckets.consumption_cents <> coalesce(months.consumption_cents, 0)
