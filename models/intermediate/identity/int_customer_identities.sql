-- The account of each record of the CRM, the product and billing: the three systems that make accounts.
-- A deleted CRM record that was not merged is an account only while usage or billing hangs on it.
-- Grain: one row a source_system and source_id.
with crm_survivors as (
    select * from {{ ref('int_crm_accounts_merged') }}
),

identity_rules as (
    select * from {{ ref('identity_rules') }}
),

matched as (
    select
        'product' as source_system,
        product_group_id as source_id,
        account_id,
        match_rule,
        evidence,
        candidates_count
    from {{ ref('int_product_organizations_matched') }}
    union all
    select
        'billing' as source_system,
        billing_customer_id as source_id,
        account_id,
        match_rule,
        evidence,
        candidates_count
    from {{ ref('int_billing_customers_matched') }}
),

accounts_in_use as (
    select distinct account_id
    from matched
    where account_id is not null
),

crm_matched as (
    select
        crm_survivors.crm_account_id,
        crm_survivors.surviving_crm_account_id,
        case
            when crm_survivors.is_surviving_deleted and accounts_in_use.account_id is null
                then 'orphan'
            when crm_survivors.is_overridden then 'manual_override'
            when crm_survivors.crm_account_id <> crm_survivors.surviving_crm_account_id
                then 'crm_merge'
            else 'crm_record'
        end as match_rule
    from crm_survivors
    left join accounts_in_use
        on crm_survivors.surviving_crm_account_id = accounts_in_use.account_id
),

united as (
    select * from matched
    union all
    select
        'crm' as source_system,
        crm_account_id as source_id,
        case when match_rule <> 'orphan' then surviving_crm_account_id end as account_id,
        match_rule,
        case when match_rule = 'crm_merge' then surviving_crm_account_id end as evidence,
        case when match_rule = 'orphan' then 0 else 1 end as candidates_count
    from crm_matched
),

final as (
    select
        united.source_system,
        united.source_id,
        united.account_id,
        united.match_rule,
        identity_rules.match_rank,
        united.evidence,
        united.candidates_count
    from united
    left join identity_rules
        on united.match_rule = identity_rules.match_rule
)

select * from final
