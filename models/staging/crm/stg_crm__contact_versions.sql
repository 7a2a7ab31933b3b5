-- Every exported version of every CRM contact, with the day on which we learnt of it: the CRM itself does not keep when
-- somebody left. No names and addresses.
-- Grain: one row a crm_contact_id and known_date.
with source as (
    select *
    from
        {{ newest_version(
            'crm', 'contacts', key='substring(id, 1, 15), _drop_date', changed_column='system_modstamp'
        ) }}
),

renamed as (
    select
        ---------- ids
        {{ salesforce_id_18('id') }} as crm_contact_id,
        {{ salesforce_id_18('account_id') }} as crm_account_id,

        ---------- strings
        {{ email_hash('email') }} as email_hash,
        role__c as contact_role,

        ---------- booleans
        coalesce(is_deleted, false) as is_deleted,
        coalesce(no_longer_at_company__c, false) as has_left_company,

        ---------- dates
        _drop_date as known_date
    from source
)

select * from renamed
