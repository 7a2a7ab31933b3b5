-- Stripe customers of each account; attributes of the oldest customer.
-- Grain: one row an account_id with at least one Stripe customer.
with identities as (
    select * from {{ ref('int_account_identities') }}
    where source_system = 'billing' and account_id is not null
),

customers as (
    select * from {{ ref('stg_billing__customers') }}
),

-- A subscription whose first payment never came is none.
subscriptions as (
    select
        billing_customer_id,
        min(started_at) as first_subscription_at
    from {{ ref('stg_billing__subscription_versions') }}
    where subscription_status not in ('incomplete', 'incomplete_expired')
    group by billing_customer_id
),

domains as (
    select
        source_id,
        min(company_domain) as company_domain
    from {{ ref('int_identity_domains') }}
    where source_system = 'billing'
    group by source_id
),

ordered as (
    select
        identities.account_id,
        customers.billing_customer_id,
        customers.customer_name,
        domains.company_domain,
        customers.created_at,
        subscriptions.first_subscription_at,
        row_number() over (
            partition by identities.account_id
            order by
                customers.created_at asc nulls last,
                customers.billing_customer_id asc nulls last
        ) as customer_number
    from identities
    inner join customers
        on identities.source_id = customers.billing_customer_id
    left join subscriptions
        on identities.source_id = subscriptions.billing_customer_id
    left join domains
        on identities.source_id = domains.source_id
),

final as (
    select
        account_id,
        max(case when customer_number = 1 then billing_customer_id end) as billing_customer_id,
        max(case when customer_number = 1 then customer_name end) as customer_name,
        max(case when customer_number = 1 then company_domain end) as company_domain,
        count(*) as customers_count,
        count(first_subscription_at) > 0 as has_subscription,
        min(created_at) as first_created_at,
        min(first_subscription_at) as first_subscription_at
    from ordered
    group by account_id
)

select * from final
