-- Prepaid commits: paid credit grants with a term, in US cents as the ledger granted them.
-- Grain: one row a credit_grant_id.
with grants as (
    select * from {{ ref('stg_billing__credit_grants') }}
    where grant_category = 'paid' and expires_at is not null
),

granted as (
    select
        credit_grant_id,
        account_id,
        cast(sum(signed_cents) as bigint) as granted_cents
    from {{ ref('int_credit_ledger_entries') }}
    where
        account_id is not null
        and signed_cents > 0
        and entry_type in ('grant', 'top_up', 'true_up', 'adjustment', 'rollover')
    group by credit_grant_id, account_id
),

final as (
    select
        grants.credit_grant_id,
        granted.account_id,
        grants.burn_priority,
        granted.granted_cents,
        greatest(
            {{ dbt.datediff('grants.effective_at', 'grants.expires_at', 'day') }}, 1
        ) as term_days,
        cast(grants.effective_at as date) as effective_date,
        cast(grants.expires_at as date) as expires_date,
        -- A month is paid for when it is invoiced, after its end: the month in which the commit expires comes too late.
        cast(
            {{ dbt.dateadd(
                'day', -1, dbt.date_trunc('month', dbt.dateadd('day', -1, 'grants.expires_at'))
            ) }} as date
        ) as last_drawn_date,
        -- Half-open: on this day it is over.
        cast(least(grants.expires_at, grants.voided_at) as date) as ended_date
    from grants
    inner join granted on grants.credit_grant_id = granted.credit_grant_id
)

select * from final
