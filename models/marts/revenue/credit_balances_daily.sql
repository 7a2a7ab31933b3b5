-- Credit grants day by day: what was granted has been drawn, expired, voided, rolled over, or is left; what is pending stands
-- apart. Grants that hold something burn in the order of their rank. Grain: one row a credit_grant_id and as_of_date.
with balance_days as (
    select * from {{ ref('int_credit_balance_days') }}
),

grants as (
    select * from {{ ref('int_credit_grants') }}
),

ranked as (
    select
        balance_days.*,
        grants.vendor,
        grants.account_id,
        grants.customer_reference,
        grants.grant_category,
        grants.opening_entry_type,
        grants.currency,
        grants.burn_priority,
        grants.effective_at,
        grants.expires_at,
        row_number() over (
            partition by
                grants.vendor,
                grants.customer_reference,
                grants.currency,
                balance_days.as_of_date,
                balance_days.balance_units > 0
            order by
                grants.burn_priority nulls first,
                grants.expires_at nulls last,
                grants.unit_cost_usd nulls first,
                grants.effective_at,
                grants.credit_grant_id
        ) as place
    from balance_days
    inner join grants on balance_days.credit_grant_id = grants.credit_grant_id
),

final as (
    select
        ---------- keys
        credit_grant_id,
        as_of_date,

        ---------- ids
        account_id,
        customer_reference,

        ---------- strings
        vendor,
        grant_category,
        opening_entry_type,
        currency,

        ---------- numbers
        burn_priority,
        case when balance_units > 0 then place end as burn_rank,
        {%- for measure in [
            'granted', 'drawn', 'expired', 'voided', 'rolled', 'balance', 'pending'
        ] %}
        cast({{ measure }}_units as decimal(24, 6)) as {{ measure }}_units,
        {{ usd_from_cents(measure ~ '_cents') }} as {{ measure }}_usd,
        {%- endfor %}

        ---------- dates
        cast(effective_at as date) as effective_date,
        cast(expires_at as date) as expires_date
    from ranked
)

select * from final
