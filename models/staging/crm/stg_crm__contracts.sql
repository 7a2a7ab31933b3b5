-- Contracts with customers, newest version known at the clock; drafts and deleted ones included.
-- Grain: one row a crm_contract_id.
with source as (
    select *
    from
        {{ newest_version(
            'crm', 'contracts', key='substring(id, 1, 15)', changed_column='system_modstamp'
        ) }}
),

renamed as (
    select
        ---------- ids
        {{ salesforce_id_18('id') }} as crm_contract_id,
        {{ salesforce_id_18('account_id') }} as crm_account_id,
        {{ salesforce_id_18('owner_id') }} as owner_crm_user_id,

        ---------- strings
        contract_number,
        status as contract_status,
        lower(commit_currency__c) as commit_currency,
        overage_terms__c as overage_terms,

        ---------- numbers
        contract_term as term_months_count,
        cast(owner_expiration_notice as int) as expiration_notice_days,
        cast(commit_amount__c as decimal(18, 2)) as commit_amount,
        rollover_percent__c as rollover_pct,
        cast(rollover_cap__c as decimal(18, 2)) as rollover_cap_amount,

        ---------- booleans
        activated_date is not null as is_activated,
        coalesce(auto_renew__c, false) as is_auto_renewed,
        coalesce(is_deleted, false) as is_deleted,

        ---------- dates
        start_date,
        -- Half-open: Salesforce names the last day of the term, and keeps the status of a contract that ended.
        cast(
            least({{ dbt.dateadd('day', 1, 'end_date') }}, termination_date__c) as date
        ) as ended_date,

        ---------- timestamps
        {{ utc_timestamp('activated_date') }} as activated_at,
        {{ utc_timestamp('created_date') }} as created_at,
        {{ utc_timestamp('system_modstamp') }} as modified_at
    from source
)

select * from renamed
