-- Product organizations of each account, added up; attributes of the oldest organization.
-- Grain: one row an account_id with at least one product organization.
with identities as (
    select * from {{ ref('int_account_identities') }}
    where source_system = 'product' and account_id is not null
),

organizations as (
    select * from {{ ref('int_product_organizations') }}
),

ordered as (
    select
        identities.account_id,
        organizations.product_group_id,
        organizations.organization_name,
        organizations.industry,
        organizations.plan,
        coalesce(
            organizations.website_domain,
            organizations.users_domain,
            organizations.billing_domain
        ) as company_domain,
        organizations.employees_count,
        organizations.seats_count,
        organizations.created_at,
        row_number() over (
            partition by identities.account_id
            order by
                organizations.created_at asc nulls last,
                organizations.product_group_id asc nulls last
        ) as organization_number
    from identities
    inner join organizations
        on identities.source_id = organizations.product_group_id
),

final as (
    select
        account_id,
        max(case when organization_number = 1 then product_group_id end) as product_group_id,
        max(case when organization_number = 1 then organization_name end) as organization_name,
        max(case when organization_number = 1 then company_domain end) as company_domain,
        max(case when organization_number = 1 then industry end) as industry,
        max(case when organization_number = 1 then plan end) as plan,
        max(employees_count) as employees_count,
        cast(sum(seats_count) as bigint) as seats_count,
        count(*) as organizations_count,
        min(created_at) as first_created_at
    from ordered
    group by account_id
)

select * from final
