-- What usage says before the customer does: one row a signal, with its onset, the day on which it was first known, what hangs
-- on it, and whether it is still open. Grain: one row a signal_id.
with signals as (
    select * from {{ ref('int_usage_signals') }}
),

rules as (
    select * from {{ ref('signal_rules') }}
),

measures as (
    select * from {{ ref('int_account_measures') }}
),

prices as (
    select
        *,
        -- Known once the month is closed, until the next one is.
        cast({{ dbt.dateadd('day', var('revenue_close_days'), dbt.dateadd('month', 1, 'month_start_date')) }} as date)
            as known_from_date,
        cast({{ dbt.dateadd('day', var('revenue_close_days'), dbt.dateadd('month', 1, 'lead(month_start_date) over (partition by account_id order by month_start_date)')) }} as date)
            as known_to_date
    from {{ ref('int_account_credit_prices') }}
),

final as (
    select
        {{ surrogate_key(['signals.account_id', 'signals.signal_kind', 'signals.unit_id', 'signals.detected_date']) }}
            as signal_id,
        signals.account_id,
        signals.unit_id,
        signals.signal_kind,
        signals.direction,
        signals.unit_type,
        signals.strength,
        cast(rules.trigger_strength as decimal(9, 3)) as trigger_strength,
        cast(signals.affected_users_count as double) as affected_users_count,
        cast(signals.affected_credits_28d as decimal(24, 6)) as affected_credits_28d,
        cast(signals.affected_credits_28d * prices.cents_per_credit / 100 as decimal(18, 2))
            as affected_28d_usd,
        cast(measures.monthly_revenue_usd as decimal(18, 2)) as monthly_revenue_usd,
        signals.ended_date is null as is_open,
        signals.started_date,
        signals.detected_date,
        signals.ended_date
    from signals
    inner join rules
        on
            signals.signal_kind = rules.signal_kind
            and signals.direction = rules.direction
    left join measures
        on
            signals.account_id = measures.account_id
            and signals.detected_date = measures.as_of_date
    left join prices
        on
            signals.account_id = prices.account_id
            and signals.detected_date >= prices.known_from_date
            and (signals.detected_date < prices.known_to_date or prices.known_to_date is null)
)

select * from final
