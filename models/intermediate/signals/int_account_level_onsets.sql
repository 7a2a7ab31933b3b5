-- When a shift of level began: among the days before its detection, the one since when the account lies furthest from what
-- was to be expected for the number of days. Grain: one row an account_id and detected_date.
with signals as (
    select * from {{ ref('int_account_level_signals') }}
),

deviations as (
    select * from {{ ref('int_account_signal_deviations') }}
),

backwards as (
    select
        signals.account_id,
        signals.detected_date,
        deviations.as_of_date,
        case when signals.direction = 'down' then -1 else 1 end
        * sum(coalesce(deviations.credits_deviation, 0) + coalesce(deviations.users_deviation, 0))
            over (
                partition by signals.account_id, signals.detected_date
                order by deviations.as_of_date desc nulls last
                rows between unbounded preceding and current row
            ) as deviation,
        row_number() over (
            partition by signals.account_id, signals.detected_date
            order by deviations.as_of_date desc nulls last
        ) as days_count
    from signals
    inner join deviations
        on
            signals.account_id = deviations.account_id
            and deviations.as_of_date <= signals.detected_date
            and deviations.as_of_date
            > {{ dbt.dateadd('day', -var('signal_onset_days'), 'signals.detected_date') }}
),

final as (
    select
        account_id,
        detected_date,
        max_by(as_of_date, deviation / sqrt(days_count)) as started_date
    from backwards
    group by account_id, detected_date
)

select * from final
