-- Commits as contracts promise them: activated contracts that have begun, in the units of our ledger.
-- Grain: one row a crm_contract_id.
with contracts as (
    select * from {{ ref('stg_crm__contracts') }}
    where is_activated and not is_deleted and commit_amount > 0
),

identities as (
    select * from {{ ref('int_account_identities') }}
    where source_system = 'crm'
),

currencies as (
    select * from {{ ref('currencies') }}
),

clock as (
    select as_of_date from {{ ref('util_as_of') }}
),

{% set minor_units -%}
    cast(power(10, coalesce(currencies.minor_unit_exponent, 2)) as decimal(9, 0))
{%- endset -%}
final as (
    select
        contracts.crm_contract_id,
        identities.account_id,
        contracts.contract_number,
        contracts.commit_currency,
        cast(contracts.commit_amount * {{ minor_units }} as decimal(24, 6)) as commit_units,
        contracts.rollover_pct,
        cast(contracts.rollover_cap_amount * {{ minor_units }} as decimal(24, 6))
            as rollover_cap_units,
        contracts.start_date,
        contracts.ended_date
    from contracts
    inner join identities on contracts.crm_account_id = identities.source_id
    inner join clock on contracts.start_date <= clock.as_of_date
    left join currencies on contracts.commit_currency = currencies.currency
    where identities.account_id is not null
)

select * from final
