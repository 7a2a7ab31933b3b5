-- Stretches of days on which one invoice is the oldest that is past due at its account; they never overlap.
-- Grain: one row a billing_invoice_id.
with invoices as (
    select * from {{ ref('int_invoices_attributed') }}
    where was_overdue and account_id is not null
),

ordered as (
    select
        account_id,
        billing_invoice_id,
        overdue_from_date,
        coalesce(settled_date, cast('9999-12-31' as date)) as overdue_to_date,
        max(coalesce(settled_date, cast('9999-12-31' as date))) over (
            partition by account_id
            order by overdue_from_date, billing_invoice_id
            rows between unbounded preceding and 1 preceding
        ) as older_settled_date
    from invoices
),

final as (
    -- Older invoices hide it until the last of them is settled.
    select
        account_id,
        billing_invoice_id,
        overdue_from_date,
        greatest(overdue_from_date, older_settled_date) as oldest_from_date,
        overdue_to_date as oldest_to_date
    from ordered
    where older_settled_date is null or older_settled_date < overdue_to_date
)

select * from final
