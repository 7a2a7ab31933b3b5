-- Balances as the vendors report them against those that follow from the ledger at the end of the day of the report.
-- Grain: one row a vendor, reported_id and currency.
with reports as (
    select * from {{ ref('int_credit_balance_reports') }}
),

entries as (
    select * from {{ ref('int_credit_ledger_entries') }}
),

vendors as (
    select * from {{ ref('credit_vendors') }}
),

compared as (
    select
        reports.vendor,
        reports.reported_id,
        reports.currency,
        reports.reported_scope,
        reports.reported_units,
        reports.reported_date,
        min(entries.account_id) as account_id,
        coalesce(sum(
            case when vendors.is_pending_reported then entries.pending_units else 0 end
            + entries.signed_units
        ), 0) as derived_units
    from reports
    left join vendors on reports.vendor = vendors.vendor
    left join entries
        on
            reports.vendor = entries.vendor
            and reports.currency = entries.currency
            and reports.reported_date >= entries.effective_date
            and reports.reported_id = case
                when reports.reported_scope = 'customer' then entries.customer_reference
                else entries.credit_grant_id
            end
    group by
        reports.vendor,
        reports.reported_id,
        reports.currency,
        reports.reported_scope,
        reports.reported_units,
        reports.reported_date
),

final as (
    select
        ---------- keys
        vendor,
        reported_id,
        currency,

        ---------- ids
        account_id,

        ---------- strings
        reported_scope,

        ---------- numbers
        reported_units,
        cast(derived_units as decimal(24, 6)) as derived_units,
        cast(reported_units - derived_units as decimal(24, 6)) as difference_units,

        ---------- dates
        reported_date
    from compared
)

select * from final
