-- CRM tasks (calls, e-mails, to-dos), newest version known at the clock; deleted ones included.
-- Grain: one row a crm_task_id.
with source as (
    select *
    from
        {{ newest_version(
            'crm', 'tasks', key='substring(id, 1, 15)', changed_column='system_modstamp'
        ) }}
),

renamed as (
    select
        ---------- ids
        {{ salesforce_id_18('id') }} as crm_task_id,
        {{ salesforce_id_18('account_id') }} as crm_account_id,
        {{ salesforce_id_18('who_id') }} as crm_contact_id,
        {{ salesforce_id_18('what_id') }} as related_crm_record_id,
        {{ salesforce_id_18('owner_id') }} as owner_crm_user_id,

        ---------- strings
        subject as task_subject,
        type as task_type,
        status as task_status,
        priority,

        ---------- numbers
        call_duration_in_seconds as call_duration_seconds,

        ---------- booleans
        coalesce(is_closed, false) as is_closed,
        coalesce(is_deleted, false) as is_deleted,

        ---------- dates
        activity_date,

        ---------- timestamps
        {{ utc_timestamp('completed_date_time') }} as completed_at,
        {{ utc_timestamp('created_date') }} as created_at,
        {{ utc_timestamp('system_modstamp') }} as modified_at
    from source
)

select * from renamed
