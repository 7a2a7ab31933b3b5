-- Credit grants of all vendors with their account and what a unit of them is worth. What was carried over keeps the rate of
-- the day on which it was first granted: a rollover changes no value. Pointers to the grant before are doubled four
-- times, so that chains of up to 16 rollovers end at their origin. Grain: one row a credit_grant_id.
with grants as (
    select * from {{ ref('int_credit_grants_unioned') }}
),

identities as (
    select
        source_id,
        min(account_id) as account_id
    from {{ ref('int_account_identities') }}
    where source_system in ('crm', 'product', 'billing')
    group by source_id
),

currencies as (
    select * from {{ ref('currencies') }}
),

fx_rates as (
    select * from {{ ref('int_fx_rates_daily') }}
),

clock as (
    select as_of_date from {{ ref('util_as_of') }}
),

after_1_step as (
    select
        grants.credit_grant_id,
        coalesce(before.credit_grant_id, grants.credit_grant_id) as origin_credit_grant_id
    from grants
    left join grants as before
        on grants.rolled_over_from_credit_grant_id = before.credit_grant_id
),

{% for steps in [2, 4, 8, 16] -%}
{%- set half = 'after_1_step' if loop.first else 'after_' ~ steps // 2 ~ '_steps' -%}
after_{{ steps }}_steps as (
    select
        {{ half }}.credit_grant_id,
        next_steps.origin_credit_grant_id
    from {{ half }}
    inner join {{ half }} as next_steps
        on {{ half }}.origin_credit_grant_id = next_steps.credit_grant_id
),

{% endfor -%}
final as (
    select
        grants.vendor,
        grants.credit_grant_id,
        identities.account_id,
        grants.customer_reference,
        grants.rolled_over_from_credit_grant_id,
        after_16_steps.origin_credit_grant_id,
        grants.grant_category,
        grants.opening_entry_type,
        grants.currency,
        grants.burn_priority,
        grants.unit_cost_usd,
        grants.effective_at,
        grants.expires_at,
        grants.voided_at,
        -- The ledger counts in minor units of a currency, or in units of one's own.
        cast(
            case
                when grants.is_in_minor_units or currencies.currency is null then 1
                else power(10, currencies.minor_unit_exponent)
            end as decimal(9, 0)
        ) as ledger_units_per_unit,
        cast(
            case
                when currencies.currency is not null then fx_rates.usd_cents_per_minor_unit
                else coalesce(grants.unit_cost_usd * 100, 0)
            end as decimal(14, 8)
        ) as cents_per_ledger_unit
    from grants
    cross join clock
    inner join after_16_steps on grants.credit_grant_id = after_16_steps.credit_grant_id
    inner join grants as origins
        on after_16_steps.origin_credit_grant_id = origins.credit_grant_id
    left join currencies on grants.currency = currencies.currency
    left join fx_rates
        on
            grants.currency = fx_rates.currency
            and least(cast(origins.effective_at as date), clock.as_of_date) = fx_rates.rate_date
    left join identities
        on {{ salesforce_id_18('grants.customer_reference') }} = identities.source_id
)

select * from final
