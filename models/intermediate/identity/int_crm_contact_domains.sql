-- The company domain that more than half of the contacts of a CRM account have, free-mail addresses left out.
-- Grain: one row a crm_account_id with such a domain.
with contacts as (
    select * from {{ ref('stg_crm__contacts') }}
    where not is_deleted and email_domain is not null
),

free_mail_domains as (
    select * from {{ ref('free_mail_domains') }}
),

contacts_per_domain as (
    select
        contacts.crm_account_id,
        contacts.email_domain,
        count(*) as contacts_count,
        sum(count(*)) over (partition by contacts.crm_account_id) as all_contacts_count
    from contacts
    left join free_mail_domains
        on contacts.email_domain = free_mail_domains.domain
    where free_mail_domains.domain is null
    group by
        contacts.crm_account_id,
        contacts.email_domain
),

final as (
    select
        crm_account_id,
        email_domain as contacts_domain,
        contacts_count
    from contacts_per_domain
    where 2 * contacts_count > all_contacts_count
)

select * from final
