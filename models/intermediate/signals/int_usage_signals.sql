-- Signals of all kinds in one form.
-- Grain: one row an account_id, signal_kind, unit_id and detected_date.
with levels as (
    select
        signals.*,
        onsets.started_date
    from {{ ref('int_account_level_signals') }} as signals
    inner join {{ ref('int_account_level_onsets') }} as onsets
        on
            signals.account_id = onsets.account_id
            and signals.detected_date = onsets.detected_date
),

slopes as (
    select * from {{ ref('int_account_slope_signals') }}
),

silences as (
    select * from {{ ref('int_unit_silence_signals') }}
),

departures as (
    select * from {{ ref('int_champion_departures') }}
),

final as (
    select
        account_id,
        'level_shift' as signal_kind,
        'account' as unit_type,
        account_id as unit_id,
        direction,
        strength,
        28 * (credits_seen - credits_expected) / window_days as affected_credits_28d,
        (users_seen - users_expected) / window_days as affected_users_count,
        started_date,
        detected_date,
        ended_date
    from levels
    union all
    -- What the bend makes of the week in four weeks, times four.
    select
        account_id,
        'slope_change' as signal_kind,
        'account' as unit_type,
        account_id as unit_id,
        direction,
        strength,
        4 * week_credits * (exp(4 * (recent_slope - earlier_slope)) - 1) as affected_credits_28d,
        cast(null as double) as affected_users_count,
        cast(
            {{ dbt.dateadd('day', 1 - 7 * var('signal_slope_weeks'), 'detected_date') }} as date
        ) as started_date,
        detected_date,
        ended_date
    from slopes
    union all
    select
        account_id,
        signal_kind,
        unit_type,
        unit_id,
        'down' as direction,
        strength,
        -regular_credits_28d as affected_credits_28d,
        cast(case when unit_type = 'champion' then -1 end as double) as affected_users_count,
        cast({{ dbt.dateadd('day', 1, 'last_used_date') }} as date) as started_date,
        detected_date,
        ended_date
    from silences
    union all
    select
        account_id,
        'champion_gone' as signal_kind,
        'champion' as unit_type,
        crm_contact_id as unit_id,
        'down' as direction,
        cast(null as double) as strength,
        cast(null as double) as affected_credits_28d,
        cast(-1 as double) as affected_users_count,
        left_date as started_date,
        detected_date,
        ended_date
    from departures
)

select * from final
