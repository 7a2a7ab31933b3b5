-- How much of each system is matched to an account, by the rule that matched it, and which share of revenue, usage and
-- tickets that is. Rows add up: over all rules of a system to its records, over all rows to the totals of the business.
-- Grain: one row a source_system and match_rule.
with identities as (
    select * from {{ ref('int_account_identities') }}
),

volumes as (
    select * from {{ ref('int_identity_volumes') }}
),

identity_rules as (
    select * from {{ ref('identity_rules') }}
),

as_of as (
    select * from {{ ref('util_as_of') }}
),

-- What hangs on no record of a system is an orphan that counts no record.
joined as (
    select
        coalesce(identities.source_system, volumes.source_system) as source_system,
        coalesce(identities.match_rule, 'orphan') as match_rule,
        identities.source_id is not null as is_record,
        identities.account_id is not null as is_matched,
        coalesce(identities.candidates_count, 0) > 1 as is_conflict,
        coalesce(volumes.paid_cents, 0) as paid_cents,
        coalesce(volumes.usage_credits, 0) as usage_credits,
        coalesce(volumes.usage_events_count, 0) as usage_events_count,
        coalesce(volumes.tickets_count, 0) as tickets_count
    from identities
    full outer join volumes
        on
            identities.source_system = volumes.source_system
            and identities.source_id = volumes.source_id
),

grouped as (
    select
        source_system,
        match_rule,
        sum(case when is_record then 1 else 0 end) as records_count,
        sum(case when is_matched then 1 else 0 end) as matched_count,
        sum(case when is_record and not is_matched then 1 else 0 end) as orphans_count,
        sum(case when is_conflict then 1 else 0 end) as conflicts_count,
        sum(usage_events_count) as usage_events_count,
        sum(tickets_count) as tickets_count,
        sum(paid_cents) as paid_cents,
        sum(usage_credits) as usage_credits
    from joined
    group by
        source_system,
        match_rule
),

final as (
    select
        grouped.source_system,
        grouped.match_rule,
        identity_rules.rule_class,
        cast(identity_rules.match_rank as bigint) as match_rank,
        cast(grouped.records_count as bigint) as records_count,
        cast(grouped.matched_count as bigint) as matched_count,
        cast(grouped.orphans_count as bigint) as orphans_count,
        cast(grouped.conflicts_count as bigint) as conflicts_count,
        cast(grouped.usage_events_count as bigint) as usage_events_count,
        cast(grouped.tickets_count as bigint) as tickets_count,
        {{ usd_from_cents('grouped.paid_cents') }} as paid_invoices_usd,
        cast(grouped.usage_credits as decimal(24, 6)) as usage_credits,
        {{ share_of_total('grouped.records_count', 'grouped.source_system') }} as records_ratio,
        {{ share_of_total('grouped.paid_cents') }} as paid_invoices_ratio,
        {{ share_of_total('grouped.usage_credits') }} as usage_credits_ratio,
        {{ share_of_total('grouped.usage_events_count') }} as usage_events_ratio,
        {{ share_of_total('grouped.tickets_count') }} as tickets_ratio,
        grouped.match_rule <> 'orphan' as is_matched,
        as_of.as_of_date
    from grouped
    cross join as_of
    left join identity_rules
        on grouped.match_rule = identity_rules.match_rule
)

select * from final
