-- Detects credits that vanish or appear: of every grant, on every day, what was granted has been drawn, expired, voided or
-- rolled over, or is left, in units and to the cent; and the balance is what the committed entries add up to, without windows.
with balances as (
    select * from {{ ref('credit_balances_daily') }}
),

ledger as (
    select
        balances.credit_grant_id,
        balances.as_of_date,
        sum(entries.signed_units) as balance_units,
        sum(entries.signed_usd) as balance_usd
    from balances
    inner join {{ ref('credit_ledger') }} as entries
        on
            balances.credit_grant_id = entries.credit_grant_id
            and balances.as_of_date >= entries.effective_date
    group by balances.credit_grant_id, balances.as_of_date
)

select
    balances.credit_grant_id,
    balances.as_of_date
from balances
left join ledger
    on
        balances.credit_grant_id = ledger.credit_grant_id
        and balances.as_of_date = ledger.as_of_date
where
    {%- for unit in ['units', 'usd'] %}
    balances.granted_{{ unit }}
    <> balances.drawn_{{ unit }}
    + balances.expired_{{ unit }}
    + balances.voided_{{ unit }}
    + balances.rolled_{{ unit }}
    + balances.balance_{{ unit }}
    or balances.balance_{{ unit }} <> ledger.balance_{{ unit }}
    or
    {%- endfor %}
    ledger.balance_units is null
