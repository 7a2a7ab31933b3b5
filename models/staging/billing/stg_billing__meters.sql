-- Stripe meters, newest version known at the clock.
-- Grain: one row a meter_id.
with source as (
    select * from {{ newest_version('billing', 'meters', key='id') }}
),

renamed as (
    select
        ---------- ids
        id as meter_id,

        ---------- strings
        event_name as meter_event_name,
        display_name as meter_name,
        status as meter_status,
        {{ json_text('default_aggregation', 'formula') }} as aggregation_formula,

        ---------- timestamps
        {{ epoch_to_timestamp('created') }} as created_at
    from source
)

select * from renamed
