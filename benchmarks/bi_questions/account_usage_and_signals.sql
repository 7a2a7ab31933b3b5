-- Usage of an account by day over the last half year, beside the signals that were open on the day.
select
    daily.as_of_date,
    daily.credits,
    daily.active_users_count,
    daily.consumption_credits_28d,
    signals.signal_kind,
    signals.direction,
    signals.unit_id
from marts.account_usage_daily as daily
left join marts.usage_signals as signals
    on
        daily.account_id = signals.account_id
        and daily.as_of_date >= signals.detected_date
        and (signals.ended_date is null or daily.as_of_date < signals.ended_date)
where
    daily.account_id = $account_id
    and daily.as_of_date > (select max(health.as_of_date) from marts.account_health as health) - 182
order by daily.as_of_date, signals.signal_kind, signals.unit_id
