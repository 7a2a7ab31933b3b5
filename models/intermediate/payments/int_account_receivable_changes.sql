-- Steps in what an account owes, in US cents: `receivables`, the part of it that is past due by age (`past_due_...`, from
-- the day after the due day), and `billed`, what was asked for on that day less what was taken back.
-- Grain: one row an account_id, change_type and change_date.
with periods as (
    select * from {{ ref('int_receivable_periods') }}
    where account_id is not null
),

age_buckets as (
    select * from {{ ref('receivable_age_buckets') }}
),

-- An invoice is in a bucket while it is known to be owed and of that age.
past_due_spans as (
    select
        periods.account_id,
        concat('past_due_', age_buckets.age_bucket) as change_type,
        periods.owed_cents,
        greatest(
            periods.known_from_date,
            cast({{ dbt.dateadd(
                'day', 'cast(age_buckets.from_days as int)', 'periods.due_date'
            ) }} as date)
        ) as from_date,
        least(
            periods.known_to_date,
            cast({{ dbt.dateadd(
                'day', 'cast(age_buckets.to_days + 1 as int)', 'periods.due_date'
            ) }} as date)
        ) as to_date
    from periods
    cross join age_buckets
    where periods.owed_cents <> 0
),

spans as (
    select
        account_id,
        'receivables' as change_type,
        owed_cents,
        known_from_date as from_date,
        known_to_date as to_date
    from periods
    where owed_cents <> 0
    union all
    select account_id, change_type, owed_cents, from_date, to_date
    from past_due_spans
    where to_date is null or from_date < to_date
),

steps as (
    select account_id, change_type, owed_cents as change_value, from_date as change_date
    from spans
    union all
    select account_id, change_type, -owed_cents as change_value, to_date as change_date
    from spans
    where to_date is not null
    union all
    select
        account_id,
        'billed' as change_type,
        billed_change_cents as change_value,
        known_from_date as change_date
    from periods
    where billed_change_cents <> 0
),

final as (
    select
        account_id,
        change_type,
        cast(sum(change_value) as bigint) as change_value,
        change_date
    from steps
    group by account_id, change_type, change_date
)

select * from final
