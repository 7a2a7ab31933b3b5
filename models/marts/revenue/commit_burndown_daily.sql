-- Prepaid commits as they burn down: what the ledger says, what usage since the last invoices adds to it, and when the
-- rest would be used up at the pace so far and at the account's weekday pattern of late.
-- Grain: one row a credit_grant_id and as_of_date, from its start to the day on which it is over, or the clock.
with burn_days as (
    select
        *,
        consumed_cents + unbilled_cents as used_cents,
        balance_cents - unbilled_cents as remaining_cents
    from {{ ref('int_commit_burn_days') }}
),

rates as (
    select
        *,
        cast(used_cents as double) / nullif(granted_cents, 0) as consumed_ratio,
        cast(least(elapsed_days, term_days) as double) / nullif(term_days, 0) as elapsed_ratio,
        cast(used_cents as double) / nullif(elapsed_days, 0) as linear_daily_cents
    from burn_days
),

final as (
    select
        ---------- keys
        credit_grant_id,
        as_of_date,

        ---------- ids
        account_id,

        ---------- strings
        case
            when as_of_date >= ended_date and ended_date < expires_date then 'voided'
            when as_of_date >= ended_date then 'expired'
            when remaining_cents = 0 then 'exhausted'
            else 'open'
        end as status,

        ---------- numbers
        {{ usd_from_cents('granted_cents') }} as total_usd,
        {{ usd_from_cents('consumed_cents') }} as consumed_usd,
        {{ usd_from_cents('expired_cents') }} as expired_usd,
        {{ usd_from_cents('voided_cents') }} as voided_usd,
        {{ usd_from_cents('rolled_cents') }} as rolled_usd,
        {{ usd_from_cents('balance_cents') }} as balance_usd,
        {{ usd_from_cents('unbilled_cents') }} as unbilled_usd,
        {{ usd_from_cents('remaining_cents') }} as remaining_usd,
        {{ usd_from_cents('overage_cents') }} as overage_usd,
        consumed_ratio,
        elapsed_ratio,
        consumed_ratio / nullif(elapsed_ratio, 0) as pace_ratio,
        {{ usd_from_cents('round(linear_daily_cents)') }} as linear_daily_usd,
        {{ usd_from_cents('round(seasonal_daily_cents)') }} as seasonal_daily_usd,
        cast(elapsed_days as bigint) as elapsed_days,
        {%- for rate in ['linear', 'seasonal'] %}
        case
            when as_of_date < ended_date
                then cast(ceil(
                    remaining_cents / nullif({{ rate }}_daily_cents, 0)
                ) as bigint)
        end as {{ rate }}_days_to_exhaustion,
        {%- endfor %}

        ---------- dates
        effective_date,
        expires_date
    from rates
)

select * from final
