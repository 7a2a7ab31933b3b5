-- Product organizations: those that sent a group call and those that only their users name.
-- Grain: one row a product_group_id.
with product_groups as (
    select * from {{ ref('stg_product__groups') }}
),

product_users as (
    select * from {{ ref('stg_product__users') }}
    where product_group_id is not null
),

customers as (
    select * from {{ ref('stg_billing__customers') }}
    where product_group_id is not null
),

free_mail_domains as (
    select * from {{ ref('free_mail_domains') }}
),

users_per_domain as (
    select
        product_users.product_group_id,
        product_users.email_domain,
        count(*) as users_count,
        sum(count(*)) over (partition by product_users.product_group_id) as all_users_count
    from product_users
    left join free_mail_domains
        on product_users.email_domain = free_mail_domains.domain
    where product_users.email_domain is not null and free_mail_domains.domain is null
    group by
        product_users.product_group_id,
        product_users.email_domain
),

-- More than half of those with a company address: at most one domain can have that.
majority_domains as (
    select
        product_group_id,
        email_domain as users_domain
    from users_per_domain
    where 2 * users_count > all_users_count
),

users_grouped as (
    select
        product_group_id,
        min(created_at) as first_user_created_at,
        min(identified_at) as first_identified_at
    from product_users
    group by product_group_id
),

customers_grouped as (
    select
        customers.product_group_id,
        min(customers.email_domain) as billing_domain
    from customers
    left join free_mail_domains
        on customers.email_domain = free_mail_domains.domain
    where free_mail_domains.domain is null
    group by customers.product_group_id
),

keys as (
    select product_group_id from product_groups
    where group_type = 'organization'
    union distinct
    select product_group_id from users_grouped
),

final as (
    select
        keys.product_group_id,
        product_groups.group_name as organization_name,
        product_groups.industry,
        product_groups.plan,
        product_groups.website_domain,
        customers_grouped.billing_domain,
        majority_domains.users_domain,
        product_groups.employees_count,
        product_groups.seats_count,
        product_groups.product_group_id is not null as has_group_call,
        coalesce(
            product_groups.created_at,
            users_grouped.first_user_created_at,
            product_groups.grouped_at,
            users_grouped.first_identified_at
        ) as created_at
    from keys
    left join product_groups
        on keys.product_group_id = product_groups.product_group_id
    left join users_grouped
        on keys.product_group_id = users_grouped.product_group_id
    left join customers_grouped
        on keys.product_group_id = customers_grouped.product_group_id
    left join majority_domains
        on keys.product_group_id = majority_domains.product_group_id
)

select * from final
