-- Every account under one id: customers and prospects, with what the four systems say about it.
-- Grain: one row an account_id.
with accounts as (
    select * from {{ ref('int_accounts') }}
),

as_of as (
    select * from {{ ref('util_as_of') }}
),

final as (
    select
        accounts.account_id,
        accounts.parent_account_id,
        accounts.crm_account_id,
        accounts.product_group_id,
        accounts.billing_customer_id,
        accounts.zendesk_organization_id,
        accounts.owner_crm_user_id,
        accounts.account_name,
        accounts.account_domain,
        accounts.industry,
        accounts.billing_country,
        accounts.plan,
        accounts.owner_name,
        accounts.customer_stage,
        cast(accounts.employees_count as bigint) as employees_count,
        cast(accounts.seats_count as bigint) as seats_count,
        accounts.is_customer,
        accounts.is_owner_active,
        accounts.has_crm,
        accounts.has_product,
        accounts.has_billing,
        accounts.has_support,
        accounts.started_date,
        as_of.as_of_date,
        accounts.created_at
    from accounts
    cross join as_of
)

select * from final
