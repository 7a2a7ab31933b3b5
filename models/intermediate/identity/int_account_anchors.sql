-- What a Zendesk organization or requester can hang on: every record of the CRM, the product and billing that has an
-- account. Grain: one row a source_system and source_id.
with identities as (
    select * from {{ ref('int_customer_identities') }}
),

anchors as (
    select * from {{ ref('int_identity_anchors') }}
),

customers as (
    select * from {{ ref('stg_billing__customers') }}
),

final as (
    select
        identities.source_system,
        identities.source_id,
        identities.account_id,
        coalesce(anchors.account_name, customers.customer_name) as account_name,
        coalesce(anchors.is_deleted_account, false) as is_deleted_account,
        coalesce(anchors.account_created_at, customers.created_at) as account_created_at
    from identities
    left join anchors
        on
            identities.source_system = anchors.source_system
            and identities.source_id = anchors.source_id
    left join customers
        on
            identities.source_system = 'billing'
            and identities.source_id = customers.billing_customer_id
    where identities.account_id is not null
)

select * from final
