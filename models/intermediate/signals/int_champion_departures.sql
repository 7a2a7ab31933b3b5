-- Champions of whom the CRM said that they left, the first time, on the first day since on which its feed was not held;
-- unless their silence was known and lasts. It ends when a later silence says it again. Who left before the account had any
-- day, as somebody in a CRM that outlived its customer, is no loss of it.
-- Grain: one row an account_id and crm_contact_id.
with periods as (
    select * from {{ ref('int_account_champion_periods') }}
    where has_left and ended_date is not null
),

holds as (
    select * from {{ ref('int_feed_holds') }}
    where system = 'crm' and not is_holding
),

account_days as (
    select * from {{ ref('int_account_days') }}
),

silences as (
    select * from {{ ref('int_unit_silence_signals') }}
    where unit_type = 'champion'
),

departures as (
    select
        account_id,
        crm_contact_id,
        min(ended_date) as left_date
    from periods
    group by account_id, crm_contact_id
),

known as (
    select
        departures.account_id,
        departures.crm_contact_id,
        departures.left_date,
        min(holds.as_of_date) as detected_date
    from departures
    inner join account_days
        on
            departures.account_id = account_days.account_id
            and departures.left_date = account_days.as_of_date
    inner join holds
        on departures.left_date <= holds.as_of_date
    group by departures.account_id, departures.crm_contact_id, departures.left_date
),

final as (
    select
        known.account_id,
        known.crm_contact_id,
        known.left_date,
        known.detected_date,
        min(
            case
                when silences.detected_date > known.detected_date then silences.detected_date
            end
        ) as ended_date
    from known
    left join silences
        on
            known.account_id = silences.account_id
            and known.crm_contact_id = silences.unit_id
    group by
        known.account_id,
        known.crm_contact_id,
        known.left_date,
        known.detected_date
    having
        count(
            case
                when
                    silences.detected_date <= known.detected_date
                    and coalesce(silences.ended_date > known.detected_date, true)
                    then 1
            end
        ) = 0
)

select * from final
