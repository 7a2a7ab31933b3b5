-- Stretches of days on which a contact was at an account and had used its product within 28 days, that day included.
-- Grain: one row a crm_contact_id, account_id and active_from_date.
with contact_periods as (
    select * from {{ ref('int_crm_contact_periods') }}
    where product_user_id is not null
),

user_days as (
    select * from {{ ref('int_account_entity_days') }}
    where entity_type = 'user' and is_known_entity
),

-- A contact with several users is active when one of them is; what its versions repeat is read once.
contact_users as (
    select distinct
        crm_contact_id,
        account_id,
        product_user_id
    from contact_periods
),

contact_days as (
    select distinct
        contact_users.crm_contact_id,
        contact_users.account_id,
        user_days.as_of_date
    from contact_users
    inner join user_days
        on
            contact_users.account_id = user_days.account_id
            and contact_users.product_user_id = user_days.entity_id
),

uses as (
    select
        *,
        lead(as_of_date) over (
            partition by crm_contact_id, account_id order by as_of_date asc nulls last
        ) as next_use_date
    from contact_days
),

-- Each use counts until the next one, for 28 days at most: so no day counts twice.
windows as (
    select
        crm_contact_id,
        account_id,
        as_of_date as used_date,
        least(
            cast({{ dbt.dateadd('day', 28, 'as_of_date') }} as date), next_use_date
        ) as used_to_date
    from uses
),

periods as (
    select distinct
        crm_contact_id,
        account_id,
        valid_from_date,
        valid_to_date
    from contact_periods
),

final as (
    select
        windows.crm_contact_id,
        windows.account_id,
        greatest(windows.used_date, periods.valid_from_date) as active_from_date,
        least(windows.used_to_date, periods.valid_to_date) as active_to_date
    from windows
    inner join periods
        on
            windows.crm_contact_id = periods.crm_contact_id
            and windows.account_id = periods.account_id
            and windows.used_to_date > periods.valid_from_date
            and (windows.used_date < periods.valid_to_date or periods.valid_to_date is null)
)

select * from final
