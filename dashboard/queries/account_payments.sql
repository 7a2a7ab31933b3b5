-- What the account owed at the end of each day of the last half year, by how late it was.
with owed as (
    select
        daily.as_of_date,
        daily.not_due_usd as "not due",
        daily.past_due_1_30_days_usd as "1 to 30 days late",
        daily.past_due_31_60_days_usd as "31 to 60 days late",
        daily.past_due_61_90_days_usd as "61 to 90 days late",
        daily.past_due_over_90_days_usd as "over 90 days late"
    from marts.account_payment_health_daily as daily
    cross join ops.publishes
    where daily.account_id = $account_id and daily.as_of_date > publishes.as_of_date - 182
)

select
    as_of_date,
    age,
    owed_usd,
    case age
        when 'not due' then 0
        when '1 to 30 days late' then 1
        when '31 to 60 days late' then 2
        when '61 to 90 days late' then 3
        else 4
    end as place
from owed
unpivot (
    owed_usd for age in (
        "not due", "1 to 30 days late", "31 to 60 days late", "61 to 90 days late", "over 90 days late"
    )
)
order by as_of_date, place
