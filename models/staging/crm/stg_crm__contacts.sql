-- CRM contacts, newest version known at the clock; deleted ones included.
-- Grain: one row a crm_contact_id.
with source as (
    select *
    from
        {{ newest_version(
            'crm', 'contacts', key='substring(id, 1, 15)', changed_column='system_modstamp'
        ) }}
),

renamed as (
    select
        ---------- ids
        {{ salesforce_id_18('id') }} as crm_contact_id,
        {{ salesforce_id_18('account_id') }} as crm_account_id,
        {{ salesforce_id_18('reports_to_id') }} as reports_to_crm_contact_id,
        {{ salesforce_id_18('owner_id') }} as owner_crm_user_id,

        ---------- strings
        name as contact_name,
        email as contact_email,
        {{ email_domain('email') }} as email_domain,
        title as job_title,
        department,
        role__c as contact_role,

        ---------- booleans
        coalesce(is_deleted, false) as is_deleted,
        coalesce(no_longer_at_company__c, false) as has_left_company,

        ---------- dates
        last_activity_date,

        ---------- timestamps
        {{ utc_timestamp('created_date') }} as created_at,
        {{ utc_timestamp('system_modstamp') }} as modified_at
    from source
)

select * from renamed
