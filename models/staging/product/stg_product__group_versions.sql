-- Every version of the plan and the seats of organizations, the last one of each drop day.
-- Grain: one row a product_group_id and known_date.
with source as (
    select *
    from
        {{ newest_version(
            'product', 'groups', key='group_id, _drop_date', changed_column='received_at'
        ) }}
),

renamed as (
    select
        ---------- ids
        group_id as product_group_id,

        ---------- strings
        {{ json_text('traits', 'group_type') }} as group_type,
        {{ json_text('traits', 'plan') }} as plan,

        ---------- numbers
        try_cast({{ json_text('traits', 'seats') }} as bigint) as seats_count,

        ---------- dates
        _drop_date as known_date
    from source
)

select * from renamed
