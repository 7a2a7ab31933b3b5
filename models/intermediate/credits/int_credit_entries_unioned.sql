-- Ledger entries of all vendors in one shape, with our types. Grain: one row a credit_entry_id.
with grants as (
    select * from {{ ref('int_credit_grants') }}
),

entry_types as (
    select * from {{ ref('credit_entry_types') }}
),

unioned as (
    select
        'stripe' as vendor,
        credit_entry_id,
        credit_grant_id,
        counterpart_credit_grant_id,
        vendor_entry_type,
        'committed' as entry_status,
        entry_order,
        cast(signed_amount as decimal(24, 6)) as signed_amount,
        effective_at
    from {{ ref('int_stripe_credit_entries') }}
    union all
    select
        'orb' as vendor,
        credit_entry_id,
        credit_grant_id,
        counterpart_credit_grant_id,
        vendor_entry_type,
        entry_status,
        entry_order,
        signed_amount,
        effective_at
    from {{ ref('int_orb_credit_entries') }}
    union all
    select
        'metronome' as vendor,
        credit_entry_id,
        credit_grant_id,
        null as counterpart_credit_grant_id,
        vendor_entry_type,
        entry_status,
        0 as entry_order,
        signed_amount,
        effective_at
    from {{ ref('stg_billing__metronome_ledger_entries') }}
),

final as (
    select
        unioned.*,
        case
            when entry_types.entry_type = 'grant' then grants.opening_entry_type
            else coalesce(entry_types.entry_type, 'unknown')
        end as entry_type
    from unioned
    inner join grants on unioned.credit_grant_id = grants.credit_grant_id
    left join entry_types
        on
            unioned.vendor = entry_types.vendor
            and unioned.vendor_entry_type = entry_types.vendor_entry_type
)

select * from final
