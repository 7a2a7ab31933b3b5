-- Days on which the payments of an account moved, and by how much, amounts in US cents: steps of what it owes, of payments
-- that failed and are open, and of disputes by outcome; and what was billed, failed, recovered and lost on the day.
-- Grain: one row an account_id and change_date.
with first_days as (
    select
        account_id,
        min(as_of_date) as first_day
    from {{ ref('int_account_days') }}
    group by account_id
),

failed_charges as (
    select * from {{ ref('int_failed_charges') }}
    where account_id is not null
),

failures as (
    select * from {{ ref('int_payment_failures') }}
),

disputes as (
    select * from {{ ref('int_dispute_periods') }}
    where account_id is not null
),

unioned as (
    select account_id, change_type, change_value, change_date, change_type <> 'billed' as is_state
    from {{ ref('int_account_receivable_changes') }}
    union all
    select account_id, 'failed_attempts', 1, failed_date, false
    from failed_charges
    {%- for type, value, day, is_state in [
        ('failed_payments', '1', 'first_failed_date', false),
        ('failed', 'failed_cents', 'first_failed_date', false),
        ('failed_open', 'failed_cents', 'first_failed_date', true),
        ('failed_open', '-failed_cents', 'resolved_date', true),
        ('recovered_payments', "case when outcome = 'recovered' then 1 else 0 end", 'resolved_date', false),
        ('recovered', 'recovered_cents', 'resolved_date', false),
        ('lost_payments', "case when outcome = 'lost' then 1 else 0 end", 'resolved_date', false),
        ('lost', 'lost_cents', 'resolved_date', false),
    ] %}
    union all
    select account_id, '{{ type }}', {{ value }}, {{ day }}, {{ is_state | lower }}
    from failures
    where {{ day }} is not null
    {%- endfor %}
    {%- for type, value in [('disputes_', '1'), ('disputed_', 'disputed_cents')] %}
    union all
    select account_id, concat('{{ type }}', dispute_outcome), {{ value }}, known_from_date, true
    from disputes
    union all
    select account_id, concat('{{ type }}', dispute_outcome), -{{ value }}, known_to_date, true
    from disputes
    where known_to_date is not null
    {%- endfor %}
),

final as (
    select
        unioned.account_id,
        {%- for fact in account_payment_facts('state') + account_payment_facts('event') %}
        cast(
            coalesce(
                sum(unioned.change_value) filter (where unioned.change_type = '{{ fact }}'), 0
            ) as bigint
        ) as {{ fact }}_change,
        {%- endfor %}
        -- A state from before the first day of the account counts on that day; an event from before then does not.
        greatest(unioned.change_date, first_days.first_day) as change_date
    from unioned
    inner join first_days on unioned.account_id = first_days.account_id
    where unioned.is_state or unioned.change_date >= first_days.first_day
    group by unioned.account_id, greatest(unioned.change_date, first_days.first_day)
)

select * from final
