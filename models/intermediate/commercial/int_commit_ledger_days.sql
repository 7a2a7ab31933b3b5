-- What the ledger says about a commit at the end of each day from its start to the day on which it is over, or the clock:
-- granted = consumed + expired + voided + rolled over + balance. Grain: one row a credit_grant_id and as_of_date.
with grants as (
    select * from {{ ref('int_commit_grants') }}
),

account_days as (
    select
        account_id,
        as_of_date
    from {{ ref('int_account_days') }}
),

entry_days as (
    select
        credit_grant_id,
        effective_date,
        -sum(case when entry_type = 'draw_down' then signed_cents else 0 end) as consumed_cents,
        -sum(case when entry_type = 'expiry' then signed_cents else 0 end) as expired_cents,
        -sum(case when entry_type = 'void' then signed_cents else 0 end) as voided_cents,
        -sum(case when entry_type = 'rollover' and signed_cents < 0 then signed_cents else 0 end)
            as rolled_cents,
        sum(signed_cents) as balance_cents
    from {{ ref('int_credit_ledger_entries') }}
    group by credit_grant_id, effective_date
),

running as (
    select
        credit_grant_id,
        {%- for column in [
            'consumed_cents', 'expired_cents', 'voided_cents', 'rolled_cents', 'balance_cents'
        ] %}
        sum({{ column }}) over (
            partition by credit_grant_id
            order by effective_date
            rows between unbounded preceding and current row
        ) as {{ column }},
        {%- endfor %}
        effective_date as valid_from_date,
        lead(effective_date) over (
            partition by credit_grant_id order by effective_date
        ) as valid_to_date
    from entry_days
),

final as (
    select
        grants.credit_grant_id,
        grants.account_id,
        grants.burn_priority,
        grants.granted_cents,
        cast(running.consumed_cents as bigint) as consumed_cents,
        cast(running.expired_cents as bigint) as expired_cents,
        cast(running.voided_cents as bigint) as voided_cents,
        cast(running.rolled_cents as bigint) as rolled_cents,
        cast(running.balance_cents as bigint) as balance_cents,
        grants.term_days,
        grants.effective_date,
        grants.expires_date,
        grants.ended_date,
        account_days.as_of_date
    from grants
    inner join account_days
        on
            grants.account_id = account_days.account_id
            and grants.effective_date <= account_days.as_of_date
            and grants.ended_date >= account_days.as_of_date
    inner join running
        on
            grants.credit_grant_id = running.credit_grant_id
            and account_days.as_of_date >= running.valid_from_date
            and (
                running.valid_to_date is null or account_days.as_of_date < running.valid_to_date
            )
)

select * from final
