-- Who a champion of the CRM is in the product: the user of the account with the same e-mail address. One user a contact.
-- Grain: one row an account_id and crm_contact_id.
with periods as (
    select * from {{ ref('int_account_champion_periods') }}
),

contact_versions as (
    select * from {{ ref('stg_crm__contact_versions') }}
    where email_hash is not null
),

product_users as (
    select * from {{ ref('stg_product__users') }}
    where email_hash is not null
),

identities as (
    select * from {{ ref('int_account_identities') }}
    where source_system = 'product' and account_id is not null
),

addresses as (
    select
        crm_contact_id,
        max_by(email_hash, known_date) as email_hash
    from contact_versions
    group by crm_contact_id
),

contacts as (
    select
        account_id,
        crm_contact_id,
        min(started_date) as first_champion_date
    from periods
    group by account_id, crm_contact_id
),

matched as (
    select
        contacts.account_id,
        contacts.crm_contact_id,
        contacts.first_champion_date,
        product_users.product_user_id,
        row_number() over (
            partition by contacts.account_id, contacts.crm_contact_id
            order by product_users.created_at asc nulls last, product_users.product_user_id asc
        ) as user_rank
    from contacts
    inner join addresses
        on contacts.crm_contact_id = addresses.crm_contact_id
    inner join product_users
        on addresses.email_hash = product_users.email_hash
    inner join identities
        on
            product_users.product_group_id = identities.source_id
            and contacts.account_id = identities.account_id
),

-- A user belongs to one contact: two contacts with one address are one person.
final as (
    select
        account_id,
        min(crm_contact_id) as crm_contact_id,
        product_user_id,
        min(first_champion_date) as first_champion_date
    from matched
    where user_rank = 1
    group by account_id, product_user_id
)

select * from final
