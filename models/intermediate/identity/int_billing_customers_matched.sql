-- The account of each Stripe customer: a CRM account, the account of a product organization, else one of its own when
-- it ever had a subscription or an invoice; null for the rest.
-- Grain: one row a billing_customer_id.
with customers as (
    select * from {{ ref('stg_billing__customers') }}
),

crm_accounts as (
    select * from {{ ref('stg_crm__accounts') }}
),

anchors as (
    select * from {{ ref('int_identity_anchors') }}
    where source_system in ('crm', 'product')
),

domains as (
    select * from {{ ref('int_identity_domains') }}
),

overrides as (
    select * from {{ ref('identity_overrides') }}
    where source_system = 'billing'
),

paying_customers as (
    select billing_customer_id from {{ ref('stg_billing__subscription_versions') }}
    union distinct
    select billing_customer_id from {{ ref('stg_billing__invoices') }}
),

found as (
    select
        source_id as billing_customer_id,
        account_id as target_id,
        'manual_override' as match_rule,
        reason as evidence
    from overrides
    union all
    select billing_customer_id, crm_account_id, 'crm_stripe_customer_id', crm_account_id
    from crm_accounts
    where billing_customer_id is not null
    union all
    select
        billing_customer_id, crm_account_id, 'stripe_metadata_crm_account_id', crm_account_id
    from customers
    union all
    select billing_customer_id, product_group_id, 'stripe_metadata_org_id', product_group_id
    from customers
    union all
    select
        shown.source_id,
        anchor_domains.source_id,
        -- The weaker of the two sides: email_domain comes last in the alphabet.
        greatest(shown.match_rule, anchor_domains.match_rule),
        shown.company_domain
    from domains as shown
    inner join domains as anchor_domains
        on shown.company_domain = anchor_domains.company_domain
    where shown.source_system = 'billing' and anchor_domains.source_system in ('crm', 'product')
    union all
    select
        billing_customer_id,
        billing_customer_id,
        'own_account',
        cast(null as {{ dbt.type_string() }})
    from paying_customers
),

candidates as (
    select
        customers.billing_customer_id as source_id,
        coalesce(anchors.account_id, own_accounts.billing_customer_id) as account_id,
        found.match_rule,
        found.evidence,
        coalesce(anchors.is_deleted_account, false) as is_deleted_account,
        coalesce(
            lower(anchors.account_name) = lower(customers.customer_name), false
        ) as is_same_name,
        anchors.account_created_at
    from found
    inner join customers
        on found.billing_customer_id = customers.billing_customer_id
    left join anchors
        on found.target_id = anchors.source_id
    left join customers as own_accounts
        on found.target_id = own_accounts.billing_customer_id
    -- A website on a deleted record is no evidence; an id on it is.
    where
        found.match_rule not in ('company_domain', 'email_domain')
        or not anchors.is_deleted_account
),

final as (
    select
        customers.billing_customer_id,
        best.account_id,
        coalesce(best.match_rule, 'orphan') as match_rule,
        best.match_rank,
        best.evidence,
        coalesce(best.candidates_count, 0) as candidates_count
    from customers
    left join {{ best_identity('candidates') }} as best
        on customers.billing_customer_id = best.source_id
)

select * from final
