-- Stripe's credit ledger with both sides of rollovers. Stripe knows none: billing lets the rest of a grant expire and grants a
-- part of it anew. So the expiry is taken back by that part, which then leaves the old grant for the new one.
-- Grain: one row a credit_entry_id.
with rollovers as (
    select
        carried.credit_grant_id as new_credit_grant_id,
        carried.rolled_over_from_credit_grant_id as old_credit_grant_id,
        carried.granted_minor_units,
        carried.effective_at
    from {{ ref('stg_billing__credit_grants') }} as carried
    inner join {{ ref('stg_billing__credit_grants') }} as grants
        on carried.rolled_over_from_credit_grant_id = grants.credit_grant_id
),

final as (
    select
        credit_balance_transaction_id as credit_entry_id,
        credit_grant_id,
        cast(null as {{ dbt.type_string() }}) as counterpart_credit_grant_id,
        entry_reason as vendor_entry_type,
        0 as entry_order,
        signed_minor_units as signed_amount,
        effective_at
    from {{ ref('stg_billing__credit_balance_transactions') }}
    {% for type, sign, order in [('rollover_reinstated', 1, 1), ('rolled_over', -1, 2)] -%}
    union all
    select
        concat(new_credit_grant_id, ':{{ type }}') as credit_entry_id,
        old_credit_grant_id as credit_grant_id,
        new_credit_grant_id as counterpart_credit_grant_id,
        '{{ type }}' as vendor_entry_type,
        {{ order }} as entry_order,
        {{ sign }} * granted_minor_units as signed_amount,
        effective_at
    from rollovers
    {% endfor %}
)

select * from final
