-- No CRM account may resolve to a record that was itself merged away: owner, stage and money would hang on a record
-- that nobody sees in the CRM any more.
select
    identities.source_id,
    identities.account_id
from {{ ref('int_account_identities') }} as identities
inner join {{ ref('int_crm_accounts_merged') }} as merged
    on identities.account_id = merged.crm_account_id
where merged.surviving_crm_account_id <> merged.crm_account_id
