-- Stripe invoices, newest version known at the clock, both API generations in one shape.
-- Grain: one row a billing_invoice_id.
with source as (
    select * from {{ newest_version('billing', 'invoices', key='id') }}
),

renamed as (
    select
        ---------- ids
        id as billing_invoice_id,
        customer as billing_customer_id,
        coalesce(
            subscription, {{ json_text('parent', 'subscription_details.subscription') }}
        ) as billing_subscription_id,
        charge as billing_charge_id,

        ---------- strings
        number as invoice_number,
        status as invoice_status,
        billing_reason,
        collection_method,
        currency,

        ---------- numbers
        subtotal as subtotal_minor_units,
        total as total_minor_units,
        amount_due as amount_due_minor_units,
        amount_paid as amount_paid_minor_units,
        amount_remaining as amount_remaining_minor_units,
        attempt_count,

        ---------- booleans
        coalesce({{ json_text('lines', 'has_more') }} = 'true', false) as has_further_lines,

        ---------- timestamps
        {{ epoch_to_timestamp('created') }} as created_at,
        -- An invoice that is charged automatically is due the moment it is final.
        coalesce(
            {{ epoch_to_timestamp('due_date') }},
            {{ epoch_to_timestamp('cast(' ~ json_text('status_transitions', 'finalized_at') ~ ' as bigint)') }}
        ) as due_at,
        {{ epoch_to_timestamp('cast(' ~ json_text('status_transitions', 'finalized_at') ~ ' as bigint)') }} as finalized_at,
        {{ epoch_to_timestamp('cast(' ~ json_text('status_transitions', 'paid_at') ~ ' as bigint)') }} as paid_at,
        {{ epoch_to_timestamp('cast(' ~ json_text('status_transitions', 'voided_at') ~ ' as bigint)') }} as voided_at,
        {{ epoch_to_timestamp('cast(' ~ json_text('status_transitions', 'marked_uncollectible_at') ~ ' as bigint)') }}
            as marked_uncollectible_at
    from source
)

select * from renamed
