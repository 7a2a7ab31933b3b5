-- CRM events (meetings), newest version known at the clock; deleted ones included.
-- Grain: one row a crm_event_id.
with source as (
    select *
    from
        {{ newest_version(
            'crm', 'events', key='substring(id, 1, 15)', changed_column='system_modstamp'
        ) }}
),

renamed as (
    select
        ---------- ids
        {{ salesforce_id_18('id') }} as crm_event_id,
        {{ salesforce_id_18('account_id') }} as crm_account_id,
        {{ salesforce_id_18('who_id') }} as crm_contact_id,
        {{ salesforce_id_18('what_id') }} as related_crm_record_id,
        {{ salesforce_id_18('owner_id') }} as owner_crm_user_id,

        ---------- strings
        subject as event_subject,
        type as event_type,

        ---------- booleans
        coalesce(is_deleted, false) as is_deleted,

        ---------- timestamps
        {{ utc_timestamp('start_date_time') }} as started_at,
        {{ utc_timestamp('end_date_time') }} as ended_at,
        {{ utc_timestamp('created_date') }} as created_at,
        {{ utc_timestamp('system_modstamp') }} as modified_at
    from source
)

select * from renamed
