-- Credit grants of all vendors in one shape: grants of Stripe, blocks of Orb, commits and credits of Metronome.
-- Grain: one row a credit_grant_id.
with orb_blocks as (
    select * from {{ ref('stg_billing__orb_credit_blocks') }}
),

orb_first_entries as (
    select
        credit_grant_id,
        min(effective_at) as effective_at
    from {{ ref('stg_billing__orb_credit_ledger_entries') }}
    group by credit_grant_id
),

grant_kinds as (
    select * from {{ ref('credit_grant_kinds') }}
),

unioned as (
    select
        'stripe' as vendor,
        credit_grant_id,
        billing_customer_id as customer_reference,
        rolled_over_from_credit_grant_id,
        grant_kind,
        grant_category,
        currency,
        burn_priority,
        true as is_in_minor_units,
        cast(null as decimal(18, 6)) as unit_cost_usd,
        effective_at,
        expires_at,
        voided_at
    from {{ ref('stg_billing__credit_grants') }}
    union all
    select
        'orb' as vendor,
        orb_blocks.credit_grant_id,
        orb_blocks.customer_reference,
        null as rolled_over_from_credit_grant_id,
        orb_blocks.grant_kind,
        case when orb_blocks.unit_cost_usd > 0 then 'paid' else 'promotional' end as grant_category,
        orb_blocks.currency,
        null as burn_priority,
        false as is_in_minor_units,
        orb_blocks.unit_cost_usd,
        coalesce(
            orb_blocks.effective_at,
            orb_first_entries.effective_at,
            cast(orb_blocks.reported_date as timestamp)
        ) as effective_at,
        orb_blocks.expires_at,
        null as voided_at
    from orb_blocks
    left join orb_first_entries on orb_blocks.credit_grant_id = orb_first_entries.credit_grant_id
    union all
    select
        'metronome' as vendor,
        credit_grant_id,
        customer_reference,
        rolled_over_from_credit_grant_id,
        grant_kind,
        case when grant_kind = 'CREDIT' then 'promotional' else 'paid' end as grant_category,
        currency,
        burn_priority,
        is_in_minor_units,
        null as unit_cost_usd,
        effective_at,
        expires_at,
        null as voided_at
    from {{ ref('stg_billing__metronome_balances') }}
),

final as (
    select
        unioned.*,
        case
            when unioned.rolled_over_from_credit_grant_id is not null then 'rollover'
            else coalesce(grant_kinds.opening_entry_type, 'unknown')
        end as opening_entry_type
    from unioned
    left join grant_kinds
        on unioned.vendor = grant_kinds.vendor and unioned.grant_kind = grant_kinds.grant_kind
)

select * from final
