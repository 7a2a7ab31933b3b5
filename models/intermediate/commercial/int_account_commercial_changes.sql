-- Days on which the money side of an account moved, and by how much: running totals of these are its state at the end of
-- each day. Grain: one row an account_id and change_date.
with first_days as (
    select
        account_id,
        min(as_of_date) as first_day
    from {{ ref('int_account_days') }}
    group by account_id
),

mrr_changes as (
    select * from {{ ref('int_account_mrr_changes') }}
),

billing_changes as (
    select * from {{ ref('int_account_billing_changes') }}
),

ledger_entries as (
    select * from {{ ref('int_credit_ledger_entries') }}
),

subscription_periods as (
    select * from {{ ref('int_subscription_periods') }}
    where is_active and account_id is not null
),

failed_charges as (
    select
        identities.account_id,
        cast(charges.charged_at as date) as charged_date
    from {{ ref('stg_billing__charges') }} as charges
    inner join {{ ref('int_account_identities') }} as identities
        on
            charges.billing_customer_id = identities.source_id
            and identities.source_system = 'billing'
    where charges.charge_status = 'failed'
),

unioned as (
    select account_id, 'mrr' as change_type, mrr_cents_change as change_value, change_date
    from mrr_changes
    union all
    select account_id, change_type, change_value, change_date
    from billing_changes
    union all
    select account_id, 'credit_balance', signed_cents, effective_date
    from ledger_entries
    union all
    select account_id, 'active_subscriptions', 1, valid_from_date
    from subscription_periods
    union all
    select account_id, 'active_subscriptions', -1, valid_to_date
    from subscription_periods
    where valid_to_date is not null
    union all
    select
        account_id,
        'subscription_ended_day',
        {{ dbt.datediff("cast('1970-01-01' as date)", 'ended_date', 'day') }},
        ended_date
    from subscription_periods
    where ended_date is not null
    union all
    select account_id, 'failed_payments', 1, charged_date
    from failed_charges
),

-- A state from before the first day of the account counts on that day; an event from before then does not.
dated as (
    select
        unioned.account_id,
        unioned.change_type,
        unioned.change_value,
        greatest(unioned.change_date, first_days.first_day) as change_date
    from unioned
    inner join first_days on unioned.account_id = first_days.account_id
    where
        unioned.change_type <> 'failed_payments'
        or unioned.change_date >= first_days.first_day
),

final as (
    select
        account_id,
        {% for change_type in [
            'mrr', 'metered', 'past_due', 'oldest_overdue_day', 'credit_balance',
            'active_subscriptions', 'failed_payments',
        ] -%}
        cast(
            coalesce(
                sum(change_value) filter (where change_type = '{{ change_type }}'), 0
            ) as bigint
        ) as {{ change_type }}_change,
        {% endfor -%}
        max(change_value) filter (where change_type = 'subscription_ended_day')
            as subscription_ended_day_number,
        change_date
    from dated
    group by account_id, change_date
)

select * from final
