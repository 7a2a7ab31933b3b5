-- A signal that is known before its evidence was there has looked into the future, and one that was never confirmed rests on
-- a broken feed: onset before detection, detection before the end, the window up to the detection, all within the account's
-- days, and on a day that confirms.
with signals as (
    select * from {{ ref('usage_signals') }}
),

evidence as (
    select
        signal_id,
        max(window_to_date) as window_to_date,
        max(usual_to_date) as usual_to_date,
        min(window_from_date) as window_from_date
    from {{ ref('usage_signal_evidence') }}
    group by signal_id
),

account_days as (
    select
        account_id,
        min(as_of_date) as first_date,
        max(as_of_date) as last_date
    from {{ ref('int_account_days') }}
    group by account_id
),

signal_days as (
    select * from {{ ref('int_signal_days') }}
)

select
    signals.*,
    evidence.window_to_date
from signals
left join evidence
    on signals.signal_id = evidence.signal_id
left join account_days
    on signals.account_id = account_days.account_id
left join signal_days
    on signals.detected_date = signal_days.as_of_date
where
    signals.started_date > signals.detected_date
    or signals.ended_date <= signals.detected_date
    or evidence.window_to_date is null
    or evidence.window_to_date > signals.detected_date
    or evidence.window_from_date > evidence.window_to_date
    or evidence.usual_to_date > signals.detected_date
    or account_days.first_date is null
    or signals.started_date < account_days.first_date
    or signals.detected_date > account_days.last_date
    or (signals.unit_type <> 'champion' and not coalesce(signal_days.is_confirming, false))
