-- Commercial facts of each account at the end of each day: revenue, arrears, credits, renewal.
-- Grain: one row an account_id and as_of_date.
with states as (
    select * from {{ ref('int_account_commercial_states') }}
),

commit_days as (
    select
        account_id,
        as_of_date,
        sum(consumed_cents) as consumed_cents,
        sum(even_pace_cents) as even_pace_cents
    from {{ ref('int_commit_grant_days') }}
    group by account_id, as_of_date
),

renewals as (
    select * from {{ ref('int_account_renewals') }}
),

next_renewals as (
    select
        states.account_id,
        states.as_of_date,
        min(renewals.renewal_date) as renewal_date
    from states
    inner join renewals
        on
            states.account_id = renewals.account_id
            and states.as_of_date >= renewals.visible_from_date
            and states.as_of_date <= renewals.visible_to_date
    group by states.account_id, states.as_of_date
),

earlier as (
    select
        account_id,
        as_of_date,
        lag(mrr_cents, 90) over (partition by account_id order by as_of_date) as mrr_cents_90d_ago
    from states
),

final as (
    select
        states.account_id,
        {{ usd_from_cents('states.mrr_cents') }} as mrr_usd,
        {{ usd_from_cents('states.mrr_cents + states.closed_metered_cents') }}
            as monthly_revenue_usd,
        {{ usd_from_cents('states.past_due_cents') }} as past_due_usd,
        {{ usd_from_cents('states.credit_balance_cents') }} as credit_balance_usd,
        cast(states.days_past_due as bigint) as days_past_due,
        states.failed_payments_28d_count,
        cast(100.0 * (states.mrr_cents - earlier.mrr_cents_90d_ago) as double)
        / nullif(cast(earlier.mrr_cents_90d_ago as double), 0) as mrr_change_90d_pct,
        cast(commit_days.consumed_cents as double)
        / nullif(cast(commit_days.even_pace_cents as double), 0) as commit_pace_ratio,
        cast(
            {{ dbt.datediff('states.as_of_date', 'next_renewals.renewal_date', 'day') }} as bigint
        ) as days_to_renewal,
        {{ dbt.datediff('states.mrr_decreased_date', 'states.as_of_date', 'day') }}
            as days_since_mrr_decrease,
        {{ dbt.datediff('states.subscription_ended_date', 'states.as_of_date', 'day') }}
            as days_since_subscription_end,
        states.active_subscriptions_count > 0 as is_subscription_active,
        states.as_of_date,
        next_renewals.renewal_date,
        states.subscription_ended_date
    from states
    inner join earlier
        on
            states.account_id = earlier.account_id
            and states.as_of_date = earlier.as_of_date
    left join commit_days
        on
            states.account_id = commit_days.account_id
            and states.as_of_date = commit_days.as_of_date
    left join next_renewals
        on
            states.account_id = next_renewals.account_id
            and states.as_of_date = next_renewals.as_of_date
)

select * from final
