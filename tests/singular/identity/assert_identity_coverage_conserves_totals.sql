-- Conservation: matched and orphan records are all records, and the paid invoices, usage and tickets in the coverage
-- are exactly those of the systems. Anything else means that a join lost or doubled money, usage or tickets.
with coverage as (
    select
        sum(records_count) as records_count,
        sum(matched_count) + sum(orphans_count) as matched_and_orphans_count,
        sum(usage_events_count) as usage_events_count,
        sum(usage_credits) as usage_credits,
        sum(tickets_count) as tickets_count,
        sum(paid_invoices_usd) as paid_invoices_usd
    from {{ ref('identity_coverage') }}
),

identities as (
    select count(*) as records_count from {{ ref('int_account_identities') }}
),

usage_totals as (
    select
        sum(events_count) as usage_events_count,
        sum(credits) as usage_credits
    from {{ ref('int_usage_user_feature_days') }}
),

tickets as (
    select count(*) as tickets_count from {{ ref('stg_zendesk__tickets') }}
),

-- Each invoice is rounded once to whole cents; one without a rate would vanish from both sides, so it is counted.
invoices as (
    select
        sum(
            {{ usd_cents('paid.total_minor_units', 'rates.usd_cents_per_minor_unit') }}
        ) as paid_cents,
        count(*) - count(rates.currency) as unrated_count
    from {{ ref('stg_billing__invoices') }} as paid
    left join {{ ref('int_fx_rates_daily') }} as rates
        on
            paid.currency = rates.currency
            and cast(coalesce(paid.finalized_at, paid.created_at) as date) = rates.rate_date
    where paid.invoice_status = 'paid'
)

select
    coverage.*,
    invoices.paid_cents,
    invoices.unrated_count
from coverage
cross join identities
cross join usage_totals
cross join tickets
cross join invoices
where
    coverage.records_count <> identities.records_count
    or coverage.matched_and_orphans_count <> identities.records_count
    or coverage.usage_events_count <> usage_totals.usage_events_count
    or coverage.usage_credits <> usage_totals.usage_credits
    or coverage.tickets_count <> tickets.tickets_count
    or coverage.paid_invoices_usd * 100 <> invoices.paid_cents
    or invoices.unrated_count > 0
