-- How an account pays: what it owes and how late it is, days sales outstanding, payments that failed and what became of
-- them, disputes by outcome; all as it was known on the day. Grain: one row an account_id and as_of_date.
with payment_days as (
    select * from {{ ref('int_account_payment_days') }}
),

past_due as (
    select
        *,
        {% for age_bucket in receivable_age_buckets() -%}
        {{ '+ ' if not loop.first }}past_due_{{ age_bucket }}
        {% endfor -%}
            as past_due
    from payment_days
),

final as (
    select
        ---------- keys
        account_id,
        as_of_date,

        ---------- numbers
        {{ usd_from_cents('receivables') }} as receivables_usd,
        {{ usd_from_cents('receivables - past_due') }} as not_due_usd,
        {{ usd_from_cents('past_due') }} as past_due_usd,
        {%- for age_bucket in receivable_age_buckets() %}
        {{ usd_from_cents('past_due_' ~ age_bucket) }} as past_due_{{ age_bucket }}_usd,
        {%- endfor %}
        {{ usd_from_cents('billed_today') }} as billed_usd,
        {{ usd_from_cents('billed_90d') }} as billed_90d_usd,
        -- Only what was billed can be outstanding; a window in which more was taken back says nothing.
        case
            when billed_90d > 0 then cast(receivables as double) * window_days / billed_90d
        end as dso_days,
        failed_attempts_90d as failed_attempts_90d_count,
        failed_payments_90d as failed_payments_90d_count,
        recovered_payments_90d as recovered_payments_90d_count,
        lost_payments_90d as lost_payments_90d_count,
        {%- for measure in ['failed', 'recovered', 'lost'] %}
        {{ usd_from_cents(measure ~ '_90d') }} as {{ measure }}_90d_usd,
        {%- endfor %}
        {{ usd_from_cents('failed_open') }} as failed_open_usd,
        cast(recovered_90d as double) / nullif(recovered_90d + lost_90d, 0) as recovery_90d_ratio,
        {%- for outcome in ['open', 'won', 'lost', 'withdrawn'] %}
        disputes_{{ outcome }} as disputes_{{ outcome }}_count,
        {{ usd_from_cents('disputed_' ~ outcome) }} as disputed_{{ outcome }}_usd,
        {%- endfor %}
        window_days
    from past_due
)

select * from final
