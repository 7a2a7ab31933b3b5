-- Detects money that is owed and in no bucket, or in two. At the clock: receivables, what is past due and each age of it,
-- added up without periods from the newest version of every invoice, are what the mart says of the account.
with clock as (
    select as_of_date from {{ ref('util_as_of') }}
),

invoices as (
    select
        invoices.account_id,
        invoices.owed_cents,
        {{ dbt.datediff(
            'cast(greatest(staged.due_at, staged.finalized_at) as date)', 'clock.as_of_date', 'day'
        ) }} as age_days
    from {{ ref('int_invoices_attributed') }} as invoices
    inner join {{ ref('stg_billing__invoices') }} as staged
        on invoices.billing_invoice_id = staged.billing_invoice_id
    cross join clock
    where invoices.invoice_status = 'open'
),

-- Ages below 1 day match no bucket: they are not past due.
aged as (
    select
        invoices.*,
        age_buckets.age_bucket
    from invoices
    left join {{ ref('receivable_age_buckets') }} as age_buckets
        on
            invoices.age_days >= age_buckets.from_days
            and (age_buckets.to_days is null or invoices.age_days <= age_buckets.to_days)
),

recounted as (
    select
        account_id,
        {%- for age_bucket in receivable_age_buckets() %}
        sum(case when age_bucket = '{{ age_bucket }}' then owed_cents else 0 end)
            as past_due_{{ age_bucket }}_cents,
        {%- endfor %}
        sum(case when age_days >= 1 then owed_cents else 0 end) as past_due_cents,
        sum(owed_cents) as receivables_cents
    from aged
    group by account_id
),

published as (
    select account_payments.*
    from {{ ref('account_payment_health_daily') }} as account_payments
    inner join clock on account_payments.as_of_date = clock.as_of_date
)

select
    published.account_id,
    published.receivables_usd,
    recounted.receivables_cents
from published
left join recounted on published.account_id = recounted.account_id
where
    published.receivables_usd <> {{ usd_from_cents('coalesce(recounted.receivables_cents, 0)') }}
    or published.past_due_usd <> {{ usd_from_cents('coalesce(recounted.past_due_cents, 0)') }}
    {%- for age_bucket in receivable_age_buckets() %}
    or published.past_due_{{ age_bucket }}_usd
    <> {{ usd_from_cents('coalesce(recounted.past_due_' ~ age_bucket ~ '_cents, 0)') }}
    {%- endfor %}
