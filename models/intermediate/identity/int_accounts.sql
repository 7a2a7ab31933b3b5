-- Every account: companies that the CRM, the product or billing knows, prospects included.
-- Where an account has several records in a system, the oldest one gives its id and attributes.
-- Grain: one row an account_id.
with identities as (
    select * from {{ ref('int_account_identities') }}
    where account_id is not null
),

crm_accounts as (
    select * from {{ ref('stg_crm__accounts') }}
),

staff as (
    select * from {{ ref('stg_crm__users') }}
),

billing as (
    select * from {{ ref('int_account_billing_records') }}
),

product as (
    select * from {{ ref('int_account_product_records') }}
),

support as (
    select
        account_id,
        min(case when source_system = 'zendesk_organization' then source_id end)
            as zendesk_organization_id
    from identities
    where source_system in ('zendesk_organization', 'zendesk_user')
    group by account_id
),

-- A parent that was merged or deleted is replaced by the account that stands for it, or dropped.
parents as (
    select
        crm_accounts.crm_account_id,
        identities.account_id as parent_account_id
    from crm_accounts
    inner join identities
        on
            crm_accounts.parent_crm_account_id = identities.source_id
            and identities.source_system = 'crm'
    where identities.account_id <> crm_accounts.crm_account_id
),

keys as (
    select distinct account_id from identities
),

final as (
    select
        keys.account_id,
        parents.parent_account_id,
        crm_accounts.crm_account_id,
        product.product_group_id,
        billing.billing_customer_id,
        support.zendesk_organization_id,
        crm_accounts.owner_crm_user_id,
        coalesce(
            crm_accounts.account_name,
            product.organization_name,
            billing.customer_name,
            -- a deleted billing customer that nobody else knows
            keys.account_id
        ) as account_name,
        coalesce(
            crm_accounts.website_domain, product.company_domain, billing.company_domain
        ) as account_domain,
        coalesce(crm_accounts.industry, product.industry) as industry,
        crm_accounts.billing_country,
        coalesce(product.plan, lower(crm_accounts.plan)) as plan,
        crm_accounts.plan as crm_plan,
        staff.staff_name as owner_name,
        crm_accounts.customer_stage,
        coalesce(crm_accounts.employees_count, product.employees_count) as employees_count,
        product.seats_count,
        product.account_id is not null or coalesce(billing.has_subscription, false) as is_customer,
        coalesce(staff.is_active, false) as is_owner_active,
        crm_accounts.crm_account_id is not null as has_crm,
        product.account_id is not null as has_product,
        billing.account_id is not null as has_billing,
        support.account_id is not null as has_support,
        -- least() passes over nulls.
        cast(
            least(product.first_created_at, billing.first_subscription_at) as date
        ) as started_date,
        least(
            crm_accounts.created_at, product.first_created_at, billing.first_created_at
        ) as created_at
    from keys
    left join crm_accounts
        on keys.account_id = crm_accounts.crm_account_id
    left join staff
        on crm_accounts.owner_crm_user_id = staff.crm_user_id
    left join parents
        on keys.account_id = parents.crm_account_id
    left join product
        on keys.account_id = product.account_id
    left join billing
        on keys.account_id = billing.account_id
    left join support
        on keys.account_id = support.account_id
)

select * from final
