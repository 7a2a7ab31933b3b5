-- What billing granted as commits, not as top-ups or rollovers: the amount, what was left at the end and how much of that
-- was carried over. Grain: one row a credit_grant_id.
with grants as (
    select * from {{ ref('int_credit_grants') }}
    where
        account_id is not null
        and expires_at is not null
        and grant_category = 'paid'
        and opening_entry_type = 'grant'
),

amounts as (
    select
        credit_grant_id,
        sum(case when entry_type = 'grant' then signed_units else 0 end) as granted_units,
        -sum(case when entry_type in ('expiry', 'rollover') then signed_units else 0 end)
            as unused_units,
        -sum(case when entry_type = 'rollover' then signed_units else 0 end) as rolled_units
    from {{ ref('int_credit_ledger_entries') }}
    group by credit_grant_id
),

final as (
    select
        grants.credit_grant_id,
        grants.account_id,
        grants.vendor,
        grants.currency,
        coalesce(amounts.granted_units, 0) as granted_units,
        coalesce(amounts.unused_units, 0) as unused_units,
        coalesce(amounts.rolled_units, 0) as rolled_units,
        cast(grants.effective_at as date) as effective_date,
        cast(grants.expires_at as date) as expires_date,
        -- A grant belongs to the contract that holds the middle of its term: starts may differ by some days.
        cast(
            {{ dbt.dateadd(
                'day',
                floor_divide(dbt.datediff('grants.effective_at', 'grants.expires_at', 'day'), 2),
                'grants.effective_at'
            ) }} as date
        ) as middle_date,
        coalesce(
            lead(cast(grants.effective_at as date)) over (
                partition by grants.account_id order by grants.effective_at, grants.credit_grant_id
            ) <= cast(grants.expires_at as date),
            false
        ) as is_renewed
    from grants
    left join amounts on grants.credit_grant_id = amounts.credit_grant_id
)

select * from final
