-- CRM accounts, newest version known at the clock; deleted and merged ones included.
-- Grain: one row a crm_account_id.
with source as (
    select *
    from
        {{ newest_version(
            'crm', 'accounts', key='substring(id, 1, 15)', changed_column='system_modstamp'
        ) }}
),

renamed as (
    select
        ---------- ids
        {{ salesforce_id_18('id') }} as crm_account_id,
        {{ salesforce_id_18('parent_id') }} as parent_crm_account_id,
        {{ salesforce_id_18('master_record_id') }} as merged_into_crm_account_id,
        {{ salesforce_id_18('owner_id') }} as owner_crm_user_id,
        nullif(trim(product_org_id__c), '') as product_group_id,
        nullif(trim(stripe_customer_id__c), '') as billing_customer_id,

        ---------- strings
        name as account_name,
        type as account_type,
        industry,
        account_source,
        {{ website_domain('website') }} as website_domain,
        billing_country,
        billing_state,
        customer_stage__c as customer_stage,
        plan__c as plan,

        ---------- numbers
        number_of_employees as employees_count,
        cast(annual_revenue as decimal(18, 2)) as annual_revenue_usd,

        ---------- booleans
        coalesce(is_deleted, false) as is_deleted,

        ---------- dates
        last_activity_date,

        ---------- timestamps
        {{ utc_timestamp('created_date') }} as created_at,
        {{ utc_timestamp('system_modstamp') }} as modified_at
    from source
)

select * from renamed
