-- Product users with their newest traits known at the clock.
-- Grain: one row a product_user_id.
with source as (
    select *
    from
        {{ newest_version(
            'product', 'identifies', key='user_id', changed_column='received_at'
        ) }}
),

renamed as (
    select
        ---------- ids
        user_id as product_user_id,
        {{ json_text('context', 'groupId') }} as product_group_id,

        ---------- strings
        {{ json_text('traits', 'name') }} as user_name,
        {{ json_text('traits', 'email') }} as user_email,
        {{ email_domain(json_text('traits', 'email')) }} as email_domain,
        {{ email_hash(json_text('traits', 'email')) }} as email_hash,
        {{ json_text('traits', 'role') }} as user_role,
        {{ json_text('traits', 'title') }} as job_title,

        ---------- timestamps
        cast({{ json_text('traits', 'createdAt') }} as timestamp) as created_at,
        {{ utc_timestamp('received_at') }} as identified_at
    from source
)

select * from renamed
