-- CRM accounts whose merges run in a circle, or through more records than we follow, keep their own account: two
-- accounts for one customer. Repair the records in the CRM or name the survivor in identity_overrides.
{{ config(severity='warn') }}
select
    crm_account_id,
    surviving_crm_account_id
from {{ ref('int_crm_accounts_merged') }}
where is_unending_chain
