-- Orb's credit ledger with both sides of what it moves between blocks, when credits get another expiry or are about to be
-- voided. The ledger names the block that they leave; the one that they reach is told by its expiry. Where it is not known
-- the move is left out, so that no credits vanish. Grain: one row a credit_entry_id.
with entries as (
    select * from {{ ref('stg_billing__orb_credit_ledger_entries') }}
),

blocks as (
    select * from {{ ref('stg_billing__orb_credit_blocks') }}
),

entry_types as (
    select * from {{ ref('credit_entry_types') }}
    where vendor = 'orb'
),

moves as (
    select
        entries.credit_entry_id,
        entries.credit_grant_id as old_credit_grant_id,
        min(blocks.credit_grant_id) as new_credit_grant_id
    from entries
    inner join entry_types
        on
            entries.vendor_entry_type = entry_types.vendor_entry_type
            and entry_types.entry_type = 'rollover'
    left join blocks
        on
            entries.customer_reference = blocks.customer_reference
            and entries.new_block_expires_at = blocks.expires_at
            and entries.credit_grant_id <> blocks.credit_grant_id
    group by entries.credit_entry_id, entries.credit_grant_id
),

final as (
    select
        entries.credit_entry_id,
        entries.credit_grant_id,
        cast(null as {{ dbt.type_string() }}) as counterpart_credit_grant_id,
        entries.vendor_entry_type,
        entries.entry_status,
        entries.entry_order,
        entries.signed_amount,
        entries.effective_at
    from entries
    left join moves on entries.credit_entry_id = moves.credit_entry_id
    where moves.credit_entry_id is null
    {% for side, other, sign in [('old', 'new', -1), ('new', 'old', 1)] -%}
    union all
    select
        concat(entries.credit_entry_id, ':{{ side }}') as credit_entry_id,
        moves.{{ side }}_credit_grant_id as credit_grant_id,
        moves.{{ other }}_credit_grant_id as counterpart_credit_grant_id,
        entries.vendor_entry_type,
        entries.entry_status,
        entries.entry_order,
        {{ sign }} * entries.moved_amount as signed_amount,
        entries.effective_at
    from moves
    inner join entries on moves.credit_entry_id = entries.credit_entry_id
    where moves.new_credit_grant_id is not null
    {% endfor %}
)

select * from final
