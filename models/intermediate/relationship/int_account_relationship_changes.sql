-- What changes each day in the relationship counts of an account: openings count up, endings count down, and a touch or
-- a departure counts down again once it has left its window of 90 days.
-- What happened before the first day of the account is booked on that day.
-- Grain: one row an account_id and as_of_date on which anything changed.
with touches as (
    select * from {{ ref('int_account_touches') }}
),

opportunity_periods as (
    select * from {{ ref('int_account_opportunity_periods') }}
),

champion_periods as (
    select * from {{ ref('int_account_champion_periods') }}
),

first_days as (
    select
        account_id,
        min(as_of_date) as first_date
    from {{ ref('int_account_days') }}
    group by account_id
),

changes as (
    select
        account_id,
        'touches' as measure,
        touches_count as change_count,
        touch_date as change_date
    from touches
    union all
    select
        account_id,
        'touches',
        -touches_count,
        cast({{ dbt.dateadd('day', 90, 'touch_date') }} as date)
    from touches
    union all
    select account_id, coalesce(opportunity_type, 'opportunity'), 1, opened_date
    from opportunity_periods
    union all
    select account_id, coalesce(opportunity_type, 'opportunity'), -1, closed_date
    from opportunity_periods
    union all
    select account_id, 'champions', 1, started_date
    from champion_periods
    union all
    select account_id, 'champions', -1, ended_date
    from champion_periods
    union all
    select account_id, 'champions_left', 1, ended_date
    from champion_periods
    where has_left
    union all
    select
        account_id,
        'champions_left',
        -1,
        cast({{ dbt.dateadd('day', 90, 'ended_date') }} as date)
    from champion_periods
    where has_left
),

final as (
    select
        changes.account_id,
        greatest(changes.change_date, first_days.first_date) as as_of_date,
        max(
            case
                when changes.measure = 'touches' and changes.change_count > 0
                    then changes.change_date
            end
        ) as last_touch_date,
        sum(case when changes.measure = 'touches' then changes.change_count else 0 end)
            as touches_change,
        sum(
            case
                when changes.measure not in ('touches', 'champions', 'champions_left')
                    then changes.change_count
                else 0
            end
        ) as opportunities_change,
        sum(case when changes.measure = 'Renewal' then changes.change_count else 0 end)
            as renewals_change,
        sum(case when changes.measure = 'Upsell' then changes.change_count else 0 end)
            as upsells_change,
        sum(case when changes.measure = 'champions' then changes.change_count else 0 end)
            as champions_change,
        sum(case when changes.measure = 'champions_left' then changes.change_count else 0 end)
            as champions_left_change
    from changes
    inner join first_days
        on changes.account_id = first_days.account_id
    where changes.change_date is not null
    group by
        changes.account_id,
        greatest(changes.change_date, first_days.first_date)
)

select * from final
