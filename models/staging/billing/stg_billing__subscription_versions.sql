-- Every version of every Stripe subscription that was exported, with the day on which we learnt of it.
-- Both API generations in one shape; an object exported twice on one day counts once.
-- Grain: one row a billing_subscription_id and known_date.
with source as (
    select * from {{ newest_version('billing', 'subscriptions', key='id, _drop_date') }}
),

renamed as (
    select
        ---------- ids
        id as billing_subscription_id,
        customer as billing_customer_id,

        ---------- strings
        status as subscription_status,
        currency,
        collection_method,
        {{ json_text('cancellation_details', 'reason') }} as cancellation_reason,
        {{ json_text('pause_collection', 'behavior') }} as pause_behavior,
        items as items_json,

        ---------- booleans
        coalesce(cancel_at_period_end, false) as is_cancelled_at_period_end,
        pause_collection is not null as is_collection_paused,

        ---------- dates
        _drop_date as known_date,

        ---------- timestamps
        {{ epoch_to_timestamp('start_date') }} as started_at,
        {{ epoch_to_timestamp('trial_end') }} as trial_ended_at,
        {{ epoch_to_timestamp('cancel_at') }} as cancels_at,
        {{ epoch_to_timestamp('canceled_at') }} as canceled_at,
        {{ epoch_to_timestamp('ended_at') }} as ended_at,
        -- Older generation; newer objects carry the period on each item.
        {{ epoch_to_timestamp('current_period_start') }} as current_period_started_at,
        {{ epoch_to_timestamp('current_period_end') }} as current_period_ends_at
    from source
)

select * from renamed
