-- How long each contact was a champion of an account, as far as we knew day by day.
-- A period ends when a version says that the contact left, lost the role, moved to another account or was deleted; only
-- the first counts as a champion who left.
-- Grain: one row a crm_contact_id, account_id and started_date.
with contact_versions as (
    select * from {{ ref('stg_crm__contact_versions') }}
),

identities as (
    select * from {{ ref('int_account_identities') }}
    where source_system = 'crm' and account_id is not null
),

flagged as (
    select
        contact_versions.crm_contact_id,
        identities.account_id,
        contact_versions.has_left_company,
        contact_versions.known_date,
        identities.account_id is not null
        and coalesce(contact_versions.contact_role, '') = 'Champion'
        and not contact_versions.has_left_company
        and not contact_versions.is_deleted as is_champion
    from contact_versions
    left join identities
        on contact_versions.crm_account_id = identities.source_id
),

compared as (
    select
        *,
        -- The key of the version before, when that one was a champion's.
        lag(case when is_champion then account_id end) over (
            partition by crm_contact_id
            order by known_date asc nulls last
        ) as previous_account_id
    from flagged
),

-- A version opens a period when the contact was no champion of the same account before, and closes one when it was.
edges as (
    select
        crm_contact_id,
        account_id,
        known_date as edge_date,
        true as is_start,
        false as has_left
    from compared
    where is_champion and coalesce(previous_account_id, '') <> account_id
    union all
    select
        crm_contact_id,
        previous_account_id as account_id,
        known_date as edge_date,
        false as is_start,
        has_left_company as has_left
    from compared
    where
        previous_account_id is not null
        and (not is_champion or previous_account_id <> account_id)
),

paired as (
    select
        *,
        lead(edge_date) over (
            partition by crm_contact_id, account_id
            order by edge_date asc nulls last
        ) as ended_date,
        lead(has_left) over (
            partition by crm_contact_id, account_id
            order by edge_date asc nulls last
        ) as has_left_at_end
    from edges
),

final as (
    select
        crm_contact_id,
        account_id,
        coalesce(has_left_at_end, false) as has_left,
        edge_date as started_date,
        ended_date
    from paired
    where is_start
)

select * from final
