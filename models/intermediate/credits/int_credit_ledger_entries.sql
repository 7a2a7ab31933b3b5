-- The credit ledger of each grant, of all vendors, in units and US cents. The balance is derived: the sum of what is
-- committed, where the vendor says so not below 0. Entries are differences of rounded balances, so a grant that is used up
-- is worth exactly 0; what rolls over is the last that leaves, so both its sides are the same cents. Pending entries move
-- no balance. Grain: one row a credit_entry_id.
with entries as (
    select * from {{ ref('int_credit_entries_unioned') }}
),

grants as (
    select * from {{ ref('int_credit_grants') }}
),

vendors as (
    select * from {{ ref('credit_vendors') }}
),

counted as (
    select
        entries.*,
        grants.account_id,
        grants.customer_reference,
        grants.grant_category,
        grants.currency,
        grants.cents_per_ledger_unit,
        coalesce(vendors.is_floored_at_zero, false) as is_floored_at_zero,
        entries.entry_type = 'rollover' and entries.signed_amount < 0 as is_leaving,
        cast(entries.signed_amount * grants.ledger_units_per_unit as decimal(24, 6)) as vendor_units
    from entries
    inner join grants on entries.credit_grant_id = grants.credit_grant_id
    left join vendors on entries.vendor = vendors.vendor
),

summed as (
    select
        *,
        cast(sum(case when entry_status = 'committed' then vendor_units else 0 end) over (
            partition by credit_grant_id
            order by effective_at, entry_order, is_leaving, -vendor_units, credit_entry_id
            rows between unbounded preceding and current row
        ) as decimal(24, 6)) as summed_units
    from counted
),

balanced as (
    select
        *,
        case when is_floored_at_zero and summed_units < 0 then 0 else summed_units end
            as balance_units,
        case when entry_status = 'committed' then 0 else vendor_units end as pending_units
    from summed
),

valued as (
    select
        *,
        {%- for measure in ['balance', 'pending'] %}
        cast(round(
            cast({{ measure }}_units as decimal(24, 6)) * cents_per_ledger_unit, 0
        ) as bigint) as {{ measure }}_cents
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from balanced
),

final as (
    select
        credit_entry_id,
        vendor,
        credit_grant_id,
        counterpart_credit_grant_id,
        account_id,
        customer_reference,
        entry_type,
        vendor_entry_type,
        entry_status,
        grant_category,
        currency,
        vendor_units,
        {%- for unit in ['units', 'cents'] %}
        balance_{{ unit }} - lag(balance_{{ unit }}, 1, 0) over (
            partition by credit_grant_id
            order by effective_at, entry_order, is_leaving, -vendor_units, credit_entry_id
        ) as signed_{{ unit }},
        balance_{{ unit }},
        pending_{{ unit }},
        {%- endfor %}
        effective_at,
        cast(effective_at as date) as effective_date
    from valued
)

select * from final
