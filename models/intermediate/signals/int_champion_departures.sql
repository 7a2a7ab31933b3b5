-- Champions of whom the CRM said that they left, the first time, on the first day since on which its feed was not held.
-- Grain: one row an account_id and crm_contact_id.
with periods as (
    select * from {{ ref('int_account_champion_periods') }}
    where has_left and ended_date is not null
),

holds as (
    select * from {{ ref('int_feed_holds') }}
    where system = 'crm' and not is_holding
),

departures as (
    select
        account_id,
        crm_contact_id,
        min(ended_date) as left_date
    from periods
    group by account_id, crm_contact_id
),

final as (
    select
        departures.account_id,
        departures.crm_contact_id,
        departures.left_date,
        min(holds.as_of_date) as detected_date
    from departures
    inner join holds
        on departures.left_date <= holds.as_of_date
    group by departures.account_id, departures.crm_contact_id, departures.left_date
)

select * from final
