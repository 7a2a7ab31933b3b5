-- What proves a signal: what was seen in which days, and what was to be expected from which days before.
-- Grain: one row a signal_id and measure.
{%- set key = ['account_id', 'signal_kind', 'unit_id', 'detected_date'] %}
{%- set oldest_days = 7 * (var('signal_lag_weeks') + var('signal_pattern_weeks') - 1) %}

with levels as (
    select
        *,
        'level_shift' as signal_kind,
        account_id as unit_id,
        cast({{ dbt.dateadd('day', '1 - window_days', 'detected_date') }} as date)
            as window_from_date
    from {{ ref('int_account_level_signals') }}
),

slopes as (
    select
        *,
        'slope_change' as signal_kind,
        account_id as unit_id
    from {{ ref('int_account_slope_signals') }}
),

silences as (
    select * from {{ ref('int_unit_silence_signals') }}
),

signals as (
    select * from {{ ref('int_usage_signals') }}
),

unioned as (
    {%- for measure in ['credits', 'users'] %}
    select
        {{ key | join(',\n        ') }},
        '{{ 'active_user_days' if measure == 'users' else measure }}' as measure,
        {{ measure }}_expected as expected_value,
        {{ measure }}_seen as observed_value,
        cast({{ dbt.dateadd('day', -oldest_days, 'window_from_date') }} as date)
            as usual_from_date,
        cast({{ dbt.dateadd('day', -7 * var('signal_lag_weeks'), 'detected_date') }} as date)
            as usual_to_date,
        window_from_date,
        detected_date as window_to_date
    from levels
    union all
    {%- endfor %}
    select
        {{ key | join(',\n        ') }},
        'weekly_growth_log' as measure,
        earlier_slope as expected_value,
        recent_slope as observed_value,
        cast({{ dbt.dateadd('day', 1 - 14 * var('signal_slope_weeks'), 'detected_date') }} as date)
            as usual_from_date,
        cast({{ dbt.dateadd('day', -7 * var('signal_slope_weeks'), 'detected_date') }} as date)
            as usual_to_date,
        cast({{ dbt.dateadd('day', 1 - 7 * var('signal_slope_weeks'), 'detected_date') }} as date)
            as window_from_date,
        detected_date as window_to_date
    from slopes
    union all
    select
        {{ key | join(',\n        ') }},
        'days_of_use' as measure,
        expected_uses_count as expected_value,
        0 as observed_value,
        regular_from_date as usual_from_date,
        last_used_date as usual_to_date,
        cast({{ dbt.dateadd('day', 1, 'last_used_date') }} as date) as window_from_date,
        detected_date as window_to_date
    from silences
    union all
    -- Of those who left, the CRM is the proof.
    select
        {{ key | join(',\n        ') }},
        'left_according_to_crm' as measure,
        0 as expected_value,
        1 as observed_value,
        cast(null as date) as usual_from_date,
        cast(null as date) as usual_to_date,
        started_date as window_from_date,
        detected_date as window_to_date
    from signals
    where unit_type = 'champion' and strength is null
),

final as (
    select
        {{ surrogate_key(key) }} as signal_id,
        account_id,
        measure,
        cast(expected_value as double) as expected_value,
        cast(observed_value as double) as observed_value,
        usual_from_date,
        usual_to_date,
        window_from_date,
        window_to_date
    from unioned
)

select * from final
