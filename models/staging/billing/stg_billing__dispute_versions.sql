-- Every version of every Stripe dispute that was exported, with the day on which we learnt of it: a dispute has no time of
-- its decision. An object exported twice on one day counts once. Grain: one row a billing_dispute_id and known_date.
with source as (
    select * from {{ newest_version('billing', 'disputes', key='id, _drop_date') }}
),

renamed as (
    select
        ---------- ids
        id as billing_dispute_id,
        charge as billing_charge_id,
        payment_intent as payment_intent_id,

        ---------- strings
        currency,
        status as dispute_status,
        reason as dispute_reason,

        ---------- numbers
        amount as amount_minor_units,
        coalesce(cast({{ json_text('evidence_details', 'submission_count') }} as bigint), 0)
            as evidence_submissions_count,

        ---------- booleans
        coalesce(is_charge_refundable, false) as is_charge_refundable,

        ---------- dates
        _drop_date as known_date,

        ---------- timestamps
        {{ epoch_to_timestamp('created') }} as disputed_at,
        {{ epoch_to_timestamp('cast(' ~ json_text('evidence_details', 'due_by') ~ ' as bigint)') }} as evidence_due_at
    from source
)

select * from renamed
