-- Which account each record of the four systems belongs to, by which rule, on what evidence.
-- Zendesk users appear only where a ticket of theirs names no organization.
-- Grain: one row a source_system and source_id.
with customer_identities as (
    select * from {{ ref('int_customer_identities') }}
),

zendesk_organizations as (
    select * from {{ ref('int_zendesk_organizations_matched') }}
),

zendesk_requesters as (
    select * from {{ ref('int_zendesk_requesters_matched') }}
),

identity_rules as (
    select * from {{ ref('identity_rules') }}
),

zendesk_united as (
    select
        'zendesk_organization' as source_system,
        zendesk_organization_id as source_id,
        account_id,
        match_rule,
        evidence,
        candidates_count
    from zendesk_organizations
    union all
    select
        'zendesk_user' as source_system,
        zendesk_user_id as source_id,
        account_id,
        match_rule,
        evidence,
        candidates_count
    from zendesk_requesters
),

final as (
    select
        source_system,
        source_id,
        account_id,
        match_rule,
        match_rank,
        evidence,
        candidates_count
    from customer_identities
    union all
    select
        zendesk_united.source_system,
        zendesk_united.source_id,
        zendesk_united.account_id,
        zendesk_united.match_rule,
        identity_rules.match_rank,
        zendesk_united.evidence,
        zendesk_united.candidates_count
    from zendesk_united
    left join identity_rules
        on zendesk_united.match_rule = identity_rules.match_rule
)

select * from final
