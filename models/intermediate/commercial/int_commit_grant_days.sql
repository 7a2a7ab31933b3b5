-- Prepaid commits on each day of their life: what was used and what an even pace would have used. Usage is debited when
-- its month has been invoiced, so both stand at the end of the newest month that is closed on that day; otherwise every
-- commit would look slow at the end of a month. Grain: one row a credit_grant_id and as_of_date.
with grants as (
    select * from {{ ref('int_commit_grants') }}
),

account_days as (
    select
        account_id,
        as_of_date,
        cast(
            {{ dbt.date_trunc(
                'month', dbt.dateadd('day', 1 - var('revenue_close_days'), 'as_of_date')
            ) }} as date
        ) as unclosed_from_date
    from {{ ref('int_account_days') }}
),

debits as (
    select
        credit_grant_id,
        -signed_cents as consumed_cents,
        -- A debit of the first days of a month is for the month before: it counts when that closes.
        greatest(
            effective_date,
            cast(
                {{ dbt.dateadd(
                    'day', var('revenue_close_days') - 1, dbt.date_trunc('month', 'effective_date')
                ) }} as date
            )
        ) as counted_date
    from {{ ref('int_credit_ledger_entries') }}
    where entry_type = 'draw_down'
),

debit_days as (
    select
        credit_grant_id,
        counted_date,
        sum(consumed_cents) as consumed_cents
    from debits
    group by credit_grant_id, counted_date
),

consumed as (
    select
        credit_grant_id,
        sum(consumed_cents) over (
            partition by credit_grant_id
            order by counted_date
            rows between unbounded preceding and current row
        ) as consumed_cents,
        counted_date as valid_from_date,
        lead(counted_date) over (
            partition by credit_grant_id order by counted_date
        ) as valid_to_date
    from debit_days
),

final as (
    select
        grants.credit_grant_id,
        grants.account_id,
        grants.granted_cents,
        cast(coalesce(consumed.consumed_cents, 0) as bigint) as consumed_cents,
        cast(
            round(
                cast(grants.granted_cents as double)
                * greatest(
                    {{ dbt.datediff(
                        'grants.effective_date', 'account_days.unclosed_from_date', 'day'
                    ) }}, 0
                )
                / nullif(grants.term_days, 0)
            ) as bigint
        ) as even_pace_cents,
        account_days.as_of_date
    from grants
    inner join account_days
        on
            grants.account_id = account_days.account_id
            and grants.effective_date <= account_days.as_of_date
            and grants.ended_date > account_days.as_of_date
    left join consumed
        on
            grants.credit_grant_id = consumed.credit_grant_id
            and account_days.as_of_date >= consumed.valid_from_date
            and account_days.as_of_date < coalesce(consumed.valid_to_date, grants.ended_date)
)

select * from final
