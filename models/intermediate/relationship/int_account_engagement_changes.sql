-- Days on which somebody of the customer took part in a touch, or the contacts whom we can find in the product changed.
-- What happened before the first day of the account is booked on that day.
-- Grain: one row an account_id and as_of_date on which anything changed.
with touches as (
    select * from {{ ref('int_account_touches') }}
    where two_way_touches_count > 0
),

contact_periods as (
    select * from {{ ref('int_crm_contact_periods') }}
),

stakeholder_spans as (
    select * from {{ ref('int_account_stakeholder_spans') }}
),

first_days as (
    select account_id, min(as_of_date) as first_date
    from {{ ref('int_account_days') }}
    group by account_id
),

changes as (
    select
        account_id,
        touch_date as change_date,
        touch_date,
        0 as contacts_change,
        0 as stakeholders_change
    from touches
    union all
    select account_id, valid_from_date, null, 1, 0
    from contact_periods
    union all
    select account_id, active_from_date, null, 0, 1
    from stakeholder_spans
    union all
    select account_id, active_to_date, null, 0, -1
    from stakeholder_spans
),

final as (
    select
        changes.account_id,
        greatest(changes.change_date, first_days.first_date) as as_of_date,
        max(changes.touch_date) as last_two_way_touch_date,
        sum(changes.contacts_change) as contacts_change,
        sum(changes.stakeholders_change) as stakeholders_change
    from changes
    inner join first_days on changes.account_id = first_days.account_id
    group by changes.account_id, greatest(changes.change_date, first_days.first_date)
)

select * from final
