-- An override that names a record or an account that does not exist does nothing, silently: a typing error, or an
-- account that meanwhile got another id (a self-serve customer that the CRM now knows).
select
    overrides.source_system,
    overrides.source_id,
    overrides.account_id,
    identities.account_id as matched_account_id
from {{ ref('identity_overrides') }} as overrides
left join {{ ref('int_account_identities') }} as identities
    on
        overrides.source_system = identities.source_system
        and overrides.source_id = identities.source_id
where identities.match_rule is null or identities.match_rule <> 'manual_override'
