-- CRM accounts with the account that stands for them after all merges.
-- A merge points to its survivor, which may itself have been merged: pointers are doubled four times, so that chains
-- of up to 16 merges end at their survivor. An account whose chain never ends (a cycle) stands for itself.
-- Grain: one row a crm_account_id.
with accounts as (
    select * from {{ ref('stg_crm__accounts') }}
),

overrides as (
    select * from {{ ref('identity_overrides') }}
    where source_system = 'crm'
),

pointers as (
    select
        accounts.crm_account_id,
        coalesce(targets.crm_account_id, accounts.crm_account_id) as hop_crm_account_id,
        overrides.source_id is not null as is_overridden
    from accounts
    left join overrides
        on accounts.crm_account_id = overrides.source_id
    left join accounts as targets
        on
            coalesce(overrides.account_id, accounts.merged_into_crm_account_id)
            = targets.crm_account_id
),

after_2_hops as (
    select
        pointers.crm_account_id,
        next_hops.hop_crm_account_id
    from pointers
    inner join pointers as next_hops
        on pointers.hop_crm_account_id = next_hops.crm_account_id
),

after_4_hops as (
    select
        after_2_hops.crm_account_id,
        next_hops.hop_crm_account_id
    from after_2_hops
    inner join after_2_hops as next_hops
        on after_2_hops.hop_crm_account_id = next_hops.crm_account_id
),

after_8_hops as (
    select
        after_4_hops.crm_account_id,
        next_hops.hop_crm_account_id
    from after_4_hops
    inner join after_4_hops as next_hops
        on after_4_hops.hop_crm_account_id = next_hops.crm_account_id
),

after_16_hops as (
    select
        after_8_hops.crm_account_id,
        next_hops.hop_crm_account_id
    from after_8_hops
    inner join after_8_hops as next_hops
        on after_8_hops.hop_crm_account_id = next_hops.crm_account_id
),

-- An end points to itself; anything else is a cycle or a chain beyond the bound.
ends as (
    select
        after_16_hops.crm_account_id,
        after_16_hops.hop_crm_account_id as surviving_crm_account_id
    from after_16_hops
    inner join pointers
        on after_16_hops.hop_crm_account_id = pointers.crm_account_id
    where pointers.hop_crm_account_id = pointers.crm_account_id
),

final as (
    select
        pointers.crm_account_id,
        coalesce(
            ends.surviving_crm_account_id, pointers.crm_account_id
        ) as surviving_crm_account_id,
        survivors.account_name as surviving_account_name,
        survivors.is_deleted as is_surviving_deleted,
        ends.crm_account_id is null as is_unending_chain,
        pointers.is_overridden,
        survivors.created_at as surviving_created_at
    from pointers
    left join ends
        on pointers.crm_account_id = ends.crm_account_id
    inner join accounts as survivors
        on
            coalesce(ends.surviving_crm_account_id, pointers.crm_account_id)
            = survivors.crm_account_id
)

select * from final
