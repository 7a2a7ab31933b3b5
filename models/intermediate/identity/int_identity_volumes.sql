-- What hangs on each record of the product, billing and Zendesk: paid invoices, usage, tickets.
-- What names no record at all (usage without an organization, tickets without organization and requester) is kept under
-- the source_id `(none)`, so that the totals are those of the systems.
-- Grain: one row a source_system and source_id.
with invoices as (
    select * from {{ ref('stg_billing__invoices') }}
    where invoice_status = 'paid'
),

fx_rates as (
    select * from {{ ref('int_fx_rates_daily') }}
),

usage_days as (
    select * from {{ ref('int_usage_user_feature_days') }}
),

tickets as (
    select * from {{ ref('stg_zendesk__tickets') }}
),

volumes as (
    select
        'billing' as source_system,
        coalesce(invoices.billing_customer_id, '(none)') as source_id,
        {{ usd_cents('invoices.total_minor_units', 'fx_rates.usd_cents_per_minor_unit') }}
            as paid_cents,
        cast(0 as decimal(24, 6)) as usage_credits,
        cast(0 as bigint) as usage_events_count,
        cast(0 as bigint) as tickets_count
    from invoices
    left join fx_rates
        on
            invoices.currency = fx_rates.currency
            and cast(coalesce(invoices.finalized_at, invoices.created_at) as date)
            = fx_rates.rate_date
    union all
    select
        'product' as source_system,
        coalesce(product_group_id, '(none)') as source_id,
        cast(0 as bigint) as paid_cents,
        credits as usage_credits,
        cast(events_count as bigint) as usage_events_count,
        cast(0 as bigint) as tickets_count
    from usage_days
    union all
    select
        case
            when zendesk_organization_id is null then 'zendesk_user'
            else 'zendesk_organization'
        end as source_system,
        coalesce(zendesk_organization_id, requester_zendesk_user_id, '(none)') as source_id,
        cast(0 as bigint) as paid_cents,
        cast(0 as decimal(24, 6)) as usage_credits,
        cast(0 as bigint) as usage_events_count,
        cast(1 as bigint) as tickets_count
    from tickets
),

final as (
    select
        source_system,
        source_id,
        cast(sum(paid_cents) as bigint) as paid_cents,
        cast(sum(usage_credits) as decimal(24, 6)) as usage_credits,
        cast(sum(usage_events_count) as bigint) as usage_events_count,
        cast(sum(tickets_count) as bigint) as tickets_count
    from volumes
    group by
        source_system,
        source_id
)

select * from final
