-- Invoices on which a payment failed, and what became of them: recovered when paid within `payment_recovery_days` of the
-- first failure, lost when not, withdrawn as far as they were voided or credited, open until one of these is known.
-- Grain: one row a billing_invoice_id.
with failures as (
    select
        account_id,
        billing_invoice_id,
        count(*) as failed_attempts_count,
        max(amount_minor_units) as failed_minor_units,
        min(failed_date) as first_failed_date,
        cast(
            {{ dbt.dateadd('day', var('payment_recovery_days'), 'min(failed_date)') }} as date
        ) as deadline_date
    from {{ ref('int_failed_charges') }}
    where account_id is not null and billing_invoice_id is not null
    group by account_id, billing_invoice_id
),

periods as (
    select * from {{ ref('int_receivable_periods') }}
),

clock as (
    select as_of_date from {{ ref('util_as_of') }}
),

-- In the currency of the invoice: two rates would make a difference of what was paid in full.
followed as (
    select
        failures.billing_invoice_id,
        sum(periods.paid_change_minor_units) filter (
            where periods.known_from_date >= failures.first_failed_date
        ) as paid_minor_units,
        min(periods.known_from_date) filter (
            where periods.known_from_date >= failures.first_failed_date
            and periods.invoice_status in ('paid', 'void')
        ) as settled_date,
        max(periods.usd_cents_per_minor_unit) as usd_cents_per_minor_unit
    from failures
    inner join periods
        on
            failures.billing_invoice_id = periods.billing_invoice_id
            and failures.deadline_date >= periods.known_from_date
    group by failures.billing_invoice_id
),

valued as (
    select
        failures.account_id,
        failures.billing_invoice_id,
        failures.failed_attempts_count,
        failures.first_failed_date,
        followed.settled_date is not null as is_settled,
        coalesce(followed.paid_minor_units, 0) >= failures.failed_minor_units as is_paid,
        {{ usd_cents('failures.failed_minor_units', 'followed.usd_cents_per_minor_unit') }}
            as failed_cents,
        {{ usd_cents(
            'least(failures.failed_minor_units, greatest(0, coalesce(followed.paid_minor_units, 0)))',
            'followed.usd_cents_per_minor_unit'
        ) }} as paid_cents,
        coalesce(
            followed.settled_date,
            case when failures.deadline_date <= clock.as_of_date then failures.deadline_date end
        ) as resolved_date
    from failures
    cross join clock
    -- An invoice is known by the time its payment fails; a charge of one that never came is no failed payment.
    inner join followed on failures.billing_invoice_id = followed.billing_invoice_id
),

final as (
    select
        account_id,
        billing_invoice_id,
        case
            when resolved_date is null then 'open'
            when is_paid then 'recovered'
            when is_settled then 'withdrawn'
            else 'lost'
        end as outcome,
        failed_attempts_count,
        failed_cents,
        cast(case when resolved_date is not null then paid_cents else 0 end as bigint)
            as recovered_cents,
        cast(
            case
                when
                    resolved_date is not null and not is_settled
                    then failed_cents - paid_cents
                else 0
            end as bigint
        )
            as lost_cents,
        cast(case when is_settled then failed_cents - paid_cents else 0 end as bigint)
            as withdrawn_cents,
        first_failed_date,
        resolved_date
    from valued
)

select * from final
