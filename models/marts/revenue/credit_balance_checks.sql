-- Balances as the vendors report them against those that follow from the ledger at the end of the day of the report.
-- Grain: one row a vendor, reported_id and currency.
with reports as (
    select * from {{ ref('int_credit_balance_reports') }}
),

entries as (
    select * from {{ ref('int_credit_ledger_entries') }}
),

final as (
    select
        ---------- keys
        reports.vendor,
        reports.reported_id,
        reports.currency,

        ---------- ids
        min(entries.account_id) as account_id,

        ---------- strings
        reports.reported_scope,

        ---------- numbers
        reports.reported_units,
        cast(coalesce(sum(entries.signed_units), 0) as decimal(24, 6)) as derived_units,
        cast(
            reports.reported_units - coalesce(sum(entries.signed_units), 0) as decimal(24, 6)
        ) as difference_units,

        ---------- dates
        reports.reported_date
    from reports
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
)

select * from final
