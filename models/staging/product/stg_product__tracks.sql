-- Product events as they arrived, resent ones included: duplicates are removed where events are aggregated, because a
-- window over all history would cost every night what one touched day costs.
-- Grain: one row a delivered track call.
with source as (
    select * from {{ landed('product', 'tracks') }}
),

timed as (
    select
        *,
        -- A client clock ahead of the server cannot make an event happen after it arrived.
        least({{ utc_timestamp('timestamp') }}, {{ utc_timestamp('received_at') }}) as occurred_at
    from source
),

renamed as (
    select
        ---------- ids
        message_id,
        user_id as product_user_id,
        {{ json_text('context', 'groupId') }} as product_group_id,
        {{ json_text('properties', 'workspace_id') }} as workspace_id,

        ---------- strings
        event as event_name,
        {{ json_text('properties', 'unit') }} as unit,

        ---------- numbers
        coalesce(try_cast({{ json_text('properties', 'quantity') }} as decimal(18, 3)), 0) as quantity_units,

        ---------- dates
        cast(occurred_at as date) as event_date,
        _drop_date as drop_date,

        ---------- timestamps
        occurred_at,
        {{ utc_timestamp('received_at') }} as received_at,

        ---------- load
        _dlt_load_id as load_id
    from timed
)

select * from renamed
