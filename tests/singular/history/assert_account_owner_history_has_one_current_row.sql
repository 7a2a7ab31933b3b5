-- Every account that stands has exactly one current row with the owner it has now, and no other account has one: a
-- refresh that skipped the snapshot, or a snapshot of half an export, shows here.
with current_versions as (
    select
        account_id,
        count(*) as versions_count,
        max(owner_crm_user_id) as owner_crm_user_id
    from {{ ref('account_owner_history') }}
    where is_current
    group by account_id
)

select
    coalesce(owners.account_id, current_versions.account_id) as account_id,
    owners.owner_crm_user_id,
    current_versions.owner_crm_user_id as history_owner_crm_user_id,
    current_versions.versions_count
from {{ ref('account_owners') }} as owners
full outer join current_versions
    on owners.account_id = current_versions.account_id
where
    owners.account_id is null
    or current_versions.account_id is null
    or current_versions.versions_count <> 1
    or coalesce(owners.owner_crm_user_id, '') <> coalesce(current_versions.owner_crm_user_id, '')
