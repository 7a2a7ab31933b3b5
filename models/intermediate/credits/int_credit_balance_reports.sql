-- What vendors say is left: Stripe of a customer, Orb of a block, Metronome of a commit or credit, in units of our ledger.
-- Grain: one row a vendor, reported_id and currency.
with grants as (
    select * from {{ ref('int_credit_grants') }}
),

grant_reports as (
    select
        credit_grant_id,
        reported_balance,
        reported_date
    from {{ ref('stg_billing__orb_credit_blocks') }}
    union all
    select
        credit_grant_id,
        reported_balance,
        reported_date
    from {{ ref('stg_billing__metronome_balances') }}
),

final as (
    select
        'stripe' as vendor,
        'customer' as reported_scope,
        billing_customer_id as reported_id,
        currency,
        cast(balance_minor_units as decimal(24, 6)) as reported_units,
        reported_date
    from {{ ref('stg_billing__credit_balance_summaries') }}
    union all
    select
        grants.vendor,
        'grant' as reported_scope,
        grants.credit_grant_id as reported_id,
        grants.currency,
        cast(grant_reports.reported_balance * grants.ledger_units_per_unit as decimal(24, 6))
            as reported_units,
        grant_reports.reported_date
    from grant_reports
    inner join grants on grant_reports.credit_grant_id = grants.credit_grant_id
)

select * from final
