-- Conservation: every record of the four systems has exactly one identity row, and no row stands for a record that
-- does not exist. Matching joins many candidates to a record: a lost or doubled record would move revenue and usage
-- silently. Zendesk users count only where a ticket of theirs names no organization.
with records as (
    select 'crm' as source_system, crm_account_id as source_id from {{ ref('stg_crm__accounts') }}
    union all
    select 'product', product_group_id from {{ ref('stg_product__groups') }}
    where group_type = 'organization'
    union all
    select distinct 'product', users.product_group_id from {{ ref('stg_product__users') }} as users
    left join {{ ref('stg_product__groups') }} as organizations
        on
            users.product_group_id = organizations.product_group_id
            and organizations.group_type = 'organization'
    where users.product_group_id is not null and organizations.product_group_id is null
    union all
    select 'billing', billing_customer_id from {{ ref('stg_billing__customers') }}
    union all
    select 'zendesk_organization', zendesk_organization_id
    from {{ ref('stg_zendesk__organizations') }}
    union all
    select distinct 'zendesk_user', requester_zendesk_user_id
    from {{ ref('stg_zendesk__tickets') }}
    where zendesk_organization_id is null and requester_zendesk_user_id is not null
),

counted as (
    select
        source_system,
        source_id,
        1 as records_count,
        0 as identities_count
    from records
    union all
    select
        source_system,
        source_id,
        0 as records_count,
        1 as identities_count
    from {{ ref('int_account_identities') }}
)

select
    source_system,
    source_id,
    sum(records_count) as records_count,
    sum(identities_count) as identities_count
from counted
group by source_system, source_id
having sum(records_count) <> 1 or sum(identities_count) <> 1
