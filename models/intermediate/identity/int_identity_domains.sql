-- Company domains that records of the four systems show, without free-mail domains.
-- An organization also carries the billing domain of the Stripe customer that names it, a CRM account the domains of the
-- Zendesk organization that names it and, when it shows no website, the domain that most of its contacts use.
-- Grain: one row a source_system, source_id and company_domain.
with crm_accounts as (
    select * from {{ ref('stg_crm__accounts') }}
),

organizations as (
    select * from {{ ref('int_product_organizations') }}
),

customers as (
    select * from {{ ref('stg_billing__customers') }}
),

zendesk_organizations as (
    select * from {{ ref('stg_zendesk__organizations') }}
),

zendesk_users as (
    select * from {{ ref('stg_zendesk__users') }}
),

contact_domains as (
    select * from {{ ref('int_crm_contact_domains') }}
),

free_mail_domains as (
    select * from {{ ref('free_mail_domains') }}
),

zendesk_organization_domains as (
    select
        zendesk_organization_id,
        crm_account_id,
        {{ json_elements('domain_names_json') }} as domain_json
    from zendesk_organizations
),

zendesk_domains as (
    select
        zendesk_organization_id,
        crm_account_id,
        lower(trim(replace(cast(domain_json as {{ dbt.type_string() }}), '"', ''))) as company_domain
    from zendesk_organization_domains
),

shown as (
    select
        'crm' as source_system,
        crm_account_id as source_id,
        website_domain as company_domain,
        'company_domain' as match_rule
    from crm_accounts
    union all
    select 'product', product_group_id, website_domain, 'company_domain' from organizations
    union all
    select 'product', product_group_id, billing_domain, 'company_domain' from organizations
    union all
    select 'product', product_group_id, users_domain, 'email_domain' from organizations
    union all
    select 'billing', billing_customer_id, email_domain, 'company_domain' from customers
    union all
    select 'zendesk_organization', zendesk_organization_id, company_domain, 'company_domain'
    from zendesk_domains
    union all
    select 'crm', crm_account_id, company_domain, 'company_domain' from zendesk_domains
    where crm_account_id is not null
    union all
    select 'crm', contact_domains.crm_account_id, contact_domains.contacts_domain, 'email_domain'
    from contact_domains
    inner join crm_accounts
        on contact_domains.crm_account_id = crm_accounts.crm_account_id
    where crm_accounts.website_domain is null
    union all
    select 'zendesk_user', zendesk_user_id, email_domain, 'email_domain' from zendesk_users
),

final as (
    select
        shown.source_system,
        shown.source_id,
        shown.company_domain,
        -- company_domain, the stronger rule, comes first in the alphabet too.
        min(shown.match_rule) as match_rule
    from shown
    left join free_mail_domains
        on shown.company_domain = free_mail_domains.domain
    where shown.company_domain is not null and free_mail_domains.domain is null
    group by
        shown.source_system,
        shown.source_id,
        shown.company_domain
)

select * from final
