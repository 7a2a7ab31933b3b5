-- How long each contact was at an account, as far as we knew day by day, and which product user it is: the one with the same
-- e-mail address, of which only a hash leaves staging.
-- Grain: one row a crm_contact_id, valid_from_date and product_user_id; the user is null where nobody has the address.
with contact_versions as (
    select * from {{ ref('stg_crm__contact_versions') }}
),

users as (
    select * from {{ ref('stg_product__users') }}
    where email_hash is not null
),

identities as (
    select * from {{ ref('int_account_identities') }}
    where source_system = 'crm' and account_id is not null
),

ordered as (
    select
        *,
        lead(known_date) over (
            partition by crm_contact_id
            order by known_date asc nulls last
        ) as next_known_date
    from contact_versions
),

final as (
    select
        ---------- keys
        ordered.crm_contact_id,
        users.product_user_id,

        ---------- ids
        identities.account_id,

        ---------- dates
        ordered.known_date as valid_from_date,
        ordered.next_known_date as valid_to_date
    from ordered
    inner join identities
        on ordered.crm_account_id = identities.source_id
    left join users
        on ordered.email_hash = users.email_hash
    where not ordered.is_deleted and not ordered.has_left_company and ordered.email_hash is not null
)

select * from final
