-- Organizations and workspaces with their newest traits known at the clock.
-- Grain: one row a product_group_id.
with source as (
    select *
    from
        {{ newest_version(
            'product', 'groups', key='group_id', changed_column='received_at'
        ) }}
),

renamed as (
    select
        ---------- ids
        group_id as product_group_id,
        {{ json_text('traits', 'organization_id') }} as organization_id,

        ---------- strings
        {{ json_text('traits', 'group_type') }} as group_type,
        {{ json_text('traits', 'name') }} as group_name,
        {{ json_text('traits', 'industry') }} as industry,
        {{ json_text('traits', 'plan') }} as plan,
        {{ website_domain(json_text('traits', 'website')) }} as website_domain,

        ---------- numbers
        try_cast({{ json_text('traits', 'employees') }} as bigint) as employees_count,
        try_cast({{ json_text('traits', 'seats') }} as bigint) as seats_count,

        ---------- timestamps
        cast({{ json_text('traits', 'createdAt') }} as timestamp) as created_at,
        {{ utc_timestamp('received_at') }} as grouped_at
    from source
)

select * from renamed
