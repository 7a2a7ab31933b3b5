-- Invoices on which a payment failed, and what became of them: recovered when paid within `payment_recovery_days` of the
-- first failure, lost when not, withdrawn as far as they were voided or credited, open until one of these is known.
-- Grain: one row a billing_invoice_id.
with failures as (
    select
        account_id,
        billing_invoice_id,
        count(*) as failed_attempts_count,
        max(failed_cents) as failed_cents,
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

followed as (
    select
        failures.billing_invoice_id,
        sum(periods.paid_change_cents) as paid_cents,
        min(periods.known_from_date) filter (where periods.invoice_status in ('paid', 'void')) as settled_date
    from failures
    inner join periods
        on
            failures.billing_invoice_id = periods.billing_invoice_id
            and failures.first_failed_date <= periods.known_from_date
            and failures.deadline_date >= periods.known_from_date
    group by failures.billing_invoice_id
),

resolved as (
    select
        failures.*,
        followed.settled_date is not null as is_settled,
        least(failures.failed_cents, greatest(0, coalesce(followed.paid_cents, 0))) as paid_cents,
        coalesce(
            followed.settled_date,
            case when failures.deadline_date <= clock.as_of_date then failures.deadline_date end
        ) as resolved_date
    from failures
    cross join clock
    left join followed on failures.billing_invoice_id = followed.billing_invoice_id
),

final as (
    select
        account_id,
        billing_invoice_id,
        case
            when resolved_date is null then 'open'
            when paid_cents = failed_cents then 'recovered'
            when is_settled then 'withdrawn'
            else 'lost'
        end as outcome,
        failed_attempts_count,
        failed_cents,
        cast(case when resolved_date is not null then paid_cents else 0 end as bigint) as recovered_cents,
        cast(case when resolved_date is not null and not is_settled then failed_cents - paid_cents else 0 end as bigint)
            as lost_cents,
        cast(case when is_settled then failed_cents - paid_cents else 0 end as bigint) as withdrawn_cents,
        first_failed_date,
        resolved_date
    from resolved
)

select * from final
