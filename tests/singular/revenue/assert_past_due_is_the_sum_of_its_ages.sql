-- Detects a day on which the ages of what is past due do not add up to it, what is due and not due not to the receivables,
-- or any of them is negative: each invoice is owed in one of these parts and in no other.
select
    account_id,
    as_of_date
from {{ ref('account_payment_health_daily') }}
where
    past_due_usd <> 0
    {%- for age_bucket in receivable_age_buckets() %}
    + past_due_{{ age_bucket }}_usd
    {%- endfor %}
    or receivables_usd <> not_due_usd + past_due_usd
    or not_due_usd < 0
    {%- for age_bucket in receivable_age_buckets() %}
    or past_due_{{ age_bucket }}_usd < 0
    {%- endfor %}
    or failed_open_usd < 0
    or recovery_90d_ratio < 0
    or recovery_90d_ratio > 1
