-- Metered units a meter, customer and day as Stripe counted them, newest version known at the clock.
-- Grain: one row a meter_event_summary_id.
with source as (
    select * from {{ newest_version('billing', 'meter_event_summaries', key='id') }}
),

renamed as (
    select
        ---------- ids
        id as meter_event_summary_id,
        meter as meter_id,
        customer as billing_customer_id,

        ---------- numbers
        cast(aggregated_value as decimal(24, 6)) as metered_units,

        ---------- dates
        cast({{ epoch_to_timestamp('start_time') }} as date) as usage_date
    from source
)

select * from renamed
