-- The account of each product organization: a CRM account, else an account of its own.
-- Grain: one row a product_group_id.
with organizations as (
    select * from {{ ref('int_product_organizations') }}
),

crm_accounts as (
    select * from {{ ref('stg_crm__accounts') }}
),

crm_survivors as (
    select * from {{ ref('int_crm_accounts_merged') }}
),

customers as (
    select * from {{ ref('stg_billing__customers') }}
),

domains as (
    select * from {{ ref('int_identity_domains') }}
),

overrides as (
    select * from {{ ref('identity_overrides') }}
    where source_system = 'product'
),

found as (
    select
        source_id as product_group_id,
        account_id as target_id,
        'manual_override' as match_rule,
        reason as evidence
    from overrides
    union all
    select product_group_id, crm_account_id, 'crm_product_org_id', crm_account_id
    from crm_accounts
    where product_group_id is not null
    union all
    select
        customers.product_group_id,
        crm_accounts.crm_account_id,
        'crm_stripe_customer_id',
        customers.billing_customer_id
    from customers
    inner join crm_accounts
        on customers.billing_customer_id = crm_accounts.billing_customer_id
    union all
    select
        product_group_id, crm_account_id, 'stripe_metadata_crm_account_id', billing_customer_id
    from customers
    union all
    select
        shown.source_id,
        crm_domains.source_id,
        -- The weaker of the two sides: email_domain comes last in the alphabet.
        greatest(shown.match_rule, crm_domains.match_rule),
        shown.company_domain
    from domains as shown
    inner join domains as crm_domains
        on shown.company_domain = crm_domains.company_domain
    where shown.source_system = 'product' and crm_domains.source_system = 'crm'
    union all
    select product_group_id, product_group_id, 'own_account', cast(null as {{ dbt.type_string() }})
    from organizations
),

candidates as (
    select
        organizations.product_group_id as source_id,
        coalesce(
            crm_survivors.surviving_crm_account_id, own_accounts.product_group_id
        ) as account_id,
        found.match_rule,
        found.evidence,
        coalesce(crm_survivors.is_surviving_deleted, false) as is_deleted_account,
        coalesce(
            lower(crm_survivors.surviving_account_name) = lower(organizations.organization_name),
            false
        ) as is_same_name,
        crm_survivors.surviving_created_at as account_created_at
    from found
    inner join organizations
        on found.product_group_id = organizations.product_group_id
    left join crm_survivors
        on found.target_id = crm_survivors.crm_account_id
    left join organizations as own_accounts
        on found.target_id = own_accounts.product_group_id
    -- A website on a deleted record is no evidence; an id on it is.
    where
        found.match_rule not in ('company_domain', 'email_domain')
        or not crm_survivors.is_surviving_deleted
),

final as (
    select
        source_id as product_group_id,
        account_id,
        match_rule,
        match_rank,
        evidence,
        candidates_count
    from {{ best_identity('candidates') }} as best
)

select * from final
