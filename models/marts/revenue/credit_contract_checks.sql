-- What contracts promise against what billing granted: commits of the CRM and of billing, side by side, and the first thing in
-- which they differ. Grain: one row a credit_contract_check_id: a contract and a grant, either of which may be missing.
with contracts as (
    select * from {{ ref('int_contract_commits') }}
),

grants as (
    select * from {{ ref('int_commit_grant_terms') }}
),

joined as (
    select
        coalesce(contracts.account_id, grants.account_id) as account_id,
        contracts.crm_contract_id,
        contracts.contract_number,
        contracts.commit_currency,
        contracts.commit_units,
        contracts.start_date,
        grants.credit_grant_id,
        grants.currency as granted_currency,
        grants.granted_units,
        grants.effective_date,
        grants.unused_units,
        grants.rolled_units,
        sum(grants.granted_units) over (partition by contracts.crm_contract_id)
            as granted_in_term_units,
        -- Never more than the cap, and whole units alone.
        case
            when grants.is_renewed
                then least(
                    floor(grants.unused_units * coalesce(contracts.rollover_pct, 0) / 100),
                    contracts.rollover_cap_units
                )
            else 0
        end as expected_rolled_units
    from contracts
    full outer join grants
        on
            contracts.account_id = grants.account_id
            and contracts.start_date <= grants.middle_date
            and contracts.ended_date > grants.middle_date
),

final as (
    select
        ---------- keys
        {{ surrogate_key(['crm_contract_id', 'credit_grant_id']) }} as credit_contract_check_id,

        ---------- ids
        account_id,
        crm_contract_id,
        credit_grant_id,

        ---------- strings
        contract_number,
        case
            when crm_contract_id is null then 'missing_contract'
            when credit_grant_id is null then 'missing_grant'
            when commit_currency is null or commit_currency <> granted_currency then 'currency'
            when commit_units <> granted_in_term_units then 'amount'
            when
                abs({{ dbt.datediff('start_date', 'effective_date', 'day') }})
                > {{ var('contract_start_tolerance_days') }} then 'start'
            when rolled_units <> expected_rolled_units then 'rollover'
        end as issue,
        commit_currency,
        granted_currency,

        ---------- numbers
        cast(commit_units as decimal(24, 6)) as commit_units,
        cast(granted_units as decimal(24, 6)) as granted_units,
        cast(unused_units as decimal(24, 6)) as unused_units,
        cast(expected_rolled_units as decimal(24, 6)) as expected_rolled_units,
        cast(rolled_units as decimal(24, 6)) as rolled_units,

        ---------- dates
        start_date,
        effective_date
    from joined
)

select * from final
