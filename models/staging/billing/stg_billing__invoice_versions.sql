-- Every version of every Stripe invoice that was exported, with the day on which we learnt of it: what was owed when.
-- An object exported twice on one day counts once. Grain: one row a billing_invoice_id and known_date.
with source as (
    select * from {{ newest_version('billing', 'invoices', key='id, _drop_date') }}
),

renamed as (
    select
        ---------- ids
        id as billing_invoice_id,
        customer as billing_customer_id,

        ---------- strings
        status as invoice_status,
        currency,

        ---------- numbers
        coalesce(amount_due, 0) as amount_due_minor_units,
        coalesce(amount_paid, 0) as amount_paid_minor_units,
        coalesce(amount_remaining, 0) as amount_remaining_minor_units,

        ---------- dates
        _drop_date as known_date,

        ---------- timestamps
        {{ epoch_to_timestamp('due_date') }} as due_at,
        {{ epoch_to_timestamp('cast(' ~ json_text('status_transitions', 'finalized_at') ~ ' as bigint)') }} as finalized_at,
        {{ epoch_to_timestamp('cast(' ~ json_text('status_transitions', 'paid_at') ~ ' as bigint)') }} as paid_at,
        {{ epoch_to_timestamp('cast(' ~ json_text('status_transitions', 'voided_at') ~ ' as bigint)') }} as voided_at,
        {{ epoch_to_timestamp('cast(' ~ json_text('status_transitions', 'marked_uncollectible_at') ~ ' as bigint)') }}
            as marked_uncollectible_at
    from source
)

select * from renamed
