-- Own staff in the CRM, newest version known at the clock.
-- Grain: one row a crm_user_id.
with source as (
    select *
    from
        {{ newest_version(
            'crm', 'users', key='substring(id, 1, 15)', changed_column='system_modstamp'
        ) }}
),

renamed as (
    select
        ---------- ids
        {{ salesforce_id_18('id') }} as crm_user_id,
        {{ salesforce_id_18('manager_id') }} as manager_crm_user_id,
        {{ salesforce_id_18('user_role_id') }} as crm_user_role_id,

        ---------- strings
        name as staff_name,
        email as staff_email,
        title as job_title,

        ---------- booleans
        coalesce(is_active, false) as is_active,

        ---------- timestamps
        {{ utc_timestamp('last_login_date') }} as last_login_at,
        {{ utc_timestamp('created_date') }} as created_at,
        {{ utc_timestamp('system_modstamp') }} as modified_at
    from source
)

select * from renamed
