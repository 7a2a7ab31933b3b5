-- Zendesk users, newest version known at the clock.
-- Grain: one row a zendesk_user_id.
with source as (
    select * from {{ newest_version('zendesk', 'users', key='id', changed_column='updated_at') }}
),

renamed as (
    select
        ---------- ids
        cast(id as {{ dbt.type_string() }}) as zendesk_user_id,
        external_id as product_user_id,
        cast(organization_id as {{ dbt.type_string() }}) as zendesk_organization_id,

        ---------- strings
        name as user_name,
        email as user_email,
        {{ email_domain('email') }} as email_domain,
        role as user_role,

        ---------- booleans
        coalesce(active, false) as is_active,
        coalesce(suspended, false) as is_suspended,

        ---------- timestamps
        {{ utc_timestamp('created_at') }} as created_at,
        {{ utc_timestamp('updated_at') }} as updated_at
    from source
)

select * from renamed
