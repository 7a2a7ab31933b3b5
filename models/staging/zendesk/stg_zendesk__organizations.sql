-- Zendesk organizations, newest version known at the clock.
-- Grain: one row a zendesk_organization_id.
with source as (
    select *
    from
        {{ newest_version(
            'zendesk', 'organizations', key='id', changed_column='updated_at'
        ) }}
),

renamed as (
    select
        ---------- ids
        cast(id as {{ dbt.type_string() }}) as zendesk_organization_id,
        {{ salesforce_id_18('external_id') }} as crm_account_id,

        ---------- strings
        name as organization_name,
        cast(domain_names as {{ dbt.type_string() }}) as domain_names_json,

        ---------- booleans
        deleted_at is not null as is_deleted,

        ---------- timestamps
        {{ utc_timestamp('created_at') }} as created_at,
        {{ utc_timestamp('updated_at') }} as updated_at
    from source
)

select * from renamed
