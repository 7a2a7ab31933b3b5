-- The account of each Zendesk organization; null when nothing says whose it is.
-- Grain: one row a zendesk_organization_id.
with organizations as (
    select * from {{ ref('stg_zendesk__organizations') }}
),

anchors as (
    select * from {{ ref('int_account_anchors') }}
),

domains as (
    select * from {{ ref('int_identity_domains') }}
),

overrides as (
    select * from {{ ref('identity_overrides') }}
    where source_system = 'zendesk_organization'
),

found as (
    select
        source_id as zendesk_organization_id,
        account_id as target_id,
        'manual_override' as match_rule,
        reason as evidence
    from overrides
    union all
    select zendesk_organization_id, crm_account_id, 'zendesk_external_id', crm_account_id
    from organizations
    where crm_account_id is not null
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
        shown.source_system = 'zendesk_organization'
        and anchor_domains.source_system in ('crm', 'product', 'billing')
),

candidates as (
    select
        organizations.zendesk_organization_id as source_id,
        anchors.account_id,
        found.match_rule,
        found.evidence,
        anchors.is_deleted_account,
        coalesce(
            lower(anchors.account_name) = lower(organizations.organization_name), false
        ) as is_same_name,
        anchors.account_created_at
    from found
    inner join organizations
        on found.zendesk_organization_id = organizations.zendesk_organization_id
    inner join anchors
        on found.target_id = anchors.source_id
    -- A website on a deleted record is no evidence; an id on it is.
    where
        found.match_rule not in ('company_domain', 'email_domain')
        or not anchors.is_deleted_account
),

final as (
    select
        organizations.zendesk_organization_id,
        best.account_id,
        coalesce(best.match_rule, 'orphan') as match_rule,
        best.evidence,
        coalesce(best.candidates_count, 0) as candidates_count
    from organizations
    left join {{ best_identity('candidates') }} as best
        on organizations.zendesk_organization_id = best.source_id
)

select * from final
