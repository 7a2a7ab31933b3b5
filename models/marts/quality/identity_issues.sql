-- The work list behind identity_coverage: records without an account, records that point to several accounts, and
-- customers whom no other system knows though a CRM account, an organization or a Stripe customer carries their name.
-- An entry in the seed identity_overrides settles each.
-- Grain: one row a source_system and source_id.
with identities as (
    select * from {{ ref('int_account_identities') }}
),

volumes as (
    select * from {{ ref('int_identity_volumes') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

namesakes as (
    select
        lone.account_id,
        count(distinct others.account_id) as namesakes_count,
        min(others.account_id) as suggested_account_id
    from accounts as lone
    inner join accounts as others
        on
            lower(trim(lone.account_name)) = lower(trim(others.account_name))
            and lone.account_id <> others.account_id
    where not lone.has_crm
    group by lone.account_id
),

issues as (
    select
        identities.source_system,
        identities.source_id,
        identities.account_id,
        identities.match_rule,
        identities.evidence,
        identities.candidates_count,
        case
            when identities.account_id is null then 'orphan'
            when identities.candidates_count > 1 then 'conflict'
            when identities.match_rule = 'own_account' and namesakes.account_id is not null
                then 'namesake'
        end as issue,
        namesakes.namesakes_count,
        namesakes.suggested_account_id
    from identities
    left join namesakes
        on identities.account_id = namesakes.account_id
),

final as (
    select
        issues.source_system,
        issues.source_id,
        issues.account_id,
        case
            when issues.issue = 'namesake' and issues.namesakes_count = 1
                then issues.suggested_account_id
        end as suggested_account_id,
        issues.issue,
        issues.match_rule,
        issues.evidence,
        cast(issues.candidates_count as bigint) as candidates_count,
        coalesce(volumes.usage_events_count, 0) as usage_events_count,
        coalesce(volumes.tickets_count, 0) as tickets_count,
        {{ usd_from_cents('coalesce(volumes.paid_cents, 0)') }} as paid_invoices_usd,
        cast(coalesce(volumes.usage_credits, 0) as decimal(24, 6)) as usage_credits
    from issues
    left join volumes
        on
            issues.source_system = volumes.source_system
            and issues.source_id = volumes.source_id
    where issues.issue is not null
)

select * from final
