-- What a Stripe customer can hang on: CRM accounts (by their survivor) and product organizations (by their account).
-- Grain: one row a source_system and source_id.
with crm_survivors as (
    select * from {{ ref('int_crm_accounts_merged') }}
),

organizations as (
    select * from {{ ref('int_product_organizations') }}
),

organizations_matched as (
    select * from {{ ref('int_product_organizations_matched') }}
),

final as (
    select
        'crm' as source_system,
        crm_account_id as source_id,
        surviving_crm_account_id as account_id,
        surviving_account_name as account_name,
        is_surviving_deleted as is_deleted_account,
        surviving_created_at as account_created_at
    from crm_survivors
    union all
    select
        'product' as source_system,
        organizations.product_group_id as source_id,
        organizations_matched.account_id,
        organizations.organization_name as account_name,
        false as is_deleted_account,
        organizations.created_at as account_created_at
    from organizations
    inner join organizations_matched
        on organizations.product_group_id = organizations_matched.product_group_id
)

select * from final
