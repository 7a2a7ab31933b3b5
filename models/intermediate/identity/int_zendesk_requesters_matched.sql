-- The account of each Zendesk user who asked at least one ticket that names no organization.
-- Grain: one row a zendesk_user_id.
with tickets as (
    select * from {{ ref('stg_zendesk__tickets') }}
),

zendesk_users as (
    select * from {{ ref('stg_zendesk__users') }}
),

product_users as (
    select * from {{ ref('stg_product__users') }}
),

organizations_matched as (
    select * from {{ ref('int_zendesk_organizations_matched') }}
    where account_id is not null
),

anchors as (
    select * from {{ ref('int_account_anchors') }}
),

domains as (
    select * from {{ ref('int_identity_domains') }}
),

requesters as (
    select distinct requester_zendesk_user_id as zendesk_user_id
    from tickets
    where zendesk_organization_id is null and requester_zendesk_user_id is not null
),

found as (
    select
        source_id as zendesk_user_id,
        account_id as target_id,
        'manual_override' as match_rule,
        reason as evidence
    from {{ ref('identity_overrides') }}
    where source_system = 'zendesk_user'
    union all
    select
        zendesk_users.zendesk_user_id,
        product_users.product_group_id,
        'zendesk_user_external_id',
        product_users.product_user_id
    from zendesk_users
    inner join product_users
        on zendesk_users.product_user_id = product_users.product_user_id
    union all
    select
        zendesk_users.zendesk_user_id,
        organizations_matched.account_id,
        'zendesk_user_organization',
        organizations_matched.zendesk_organization_id
    from zendesk_users
    inner join organizations_matched
        on zendesk_users.zendesk_organization_id = organizations_matched.zendesk_organization_id
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
    where
        shown.source_system = 'zendesk_user'
        and anchor_domains.source_system in ('crm', 'product', 'billing')
),

candidates as (
    select
        found.zendesk_user_id as source_id,
        anchors.account_id,
        found.match_rule,
        found.evidence,
        anchors.is_deleted_account,
        false as is_same_name,
        anchors.account_created_at
    from found
    inner join anchors
        on found.target_id = anchors.source_id
    -- A website on a deleted record is no evidence; an id on it is.
    where
        found.match_rule not in ('company_domain', 'email_domain')
        or not anchors.is_deleted_account
),

final as (
    select
        requesters.zendesk_user_id,
        best.account_id,
        coalesce(best.match_rule, 'orphan') as match_rule,
        best.evidence,
        coalesce(best.candidates_count, 0) as candidates_count
    from requesters
    left join {{ best_identity('candidates') }} as best
        on requesters.zendesk_user_id = best.source_id
)

select * from final
