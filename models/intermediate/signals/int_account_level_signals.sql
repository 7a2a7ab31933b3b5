-- Shifts of an account's level: opened by the first confirmed day beyond the trigger, ended by one that is as usual again
-- or beyond the trigger on the other side. Grain: one row an account_id and detected_date.
{%- set windows = var('signal_windows_days') %}

with readings as (
    select * from {{ ref('int_account_signal_readings') }}
),

rules as (
    select
        max(case when direction = 'down' then trigger_strength end) as down_strength,
        max(case when direction = 'up' then trigger_strength end) as up_strength,
        min(clear_strength) as clear_strength
    from {{ ref('signal_rules') }}
    where signal_kind = 'level_shift'
),

strengths as (
    select
        *,
        {%- for extreme in ['least', 'greatest'] %}
        {{ extreme }}(
            {%- for days in windows %}
            coalesce(strength_{{ days }}d, 0){% if not loop.last %},{% endif %}
            {%- endfor %}
        ) as {{ extreme }}_strength
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from readings
    where is_confirming and strength_{{ windows | last }}d is not null
),

events as (
    select
        strengths.*,
        case
            when least_strength <= -rules.down_strength and -least_strength >= greatest_strength
                then 'down'
            when greatest_strength >= rules.up_strength then 'up'
            when greatest(-least_strength, greatest_strength) < rules.clear_strength then 'none'
        end as direction
    from strengths
    cross join rules
),

compared as (
    select
        *,
        coalesce(lag(direction) over (
            partition by account_id order by as_of_date asc nulls last
        ), 'none') as previous_direction
    from events
    where direction is not null
),

changes as (
    select
        *,
        lead(as_of_date) over (
            partition by account_id order by as_of_date asc nulls last
        ) as ended_date
    from compared
    where direction <> previous_direction
),

-- The window that is furthest out is the evidence.
final as (
    select
        account_id,
        as_of_date as detected_date,
        direction,
        case when direction = 'down' then -least_strength else greatest_strength end as strength,
        {%- for column in ['window_days', 'credits_seen', 'credits_expected', 'users_seen', 'users_expected'] %}
        case
            {%- for days in windows %}
            when
                strength_{{ days }}d = case
                    when direction = 'down' then least_strength else greatest_strength
                end
                then {{ days if column == 'window_days' else column ~ '_' ~ days ~ 'd' }}
            {%- endfor %}
        end as {{ column }},
        {%- endfor %}
        ended_date
    from changes
    where direction <> 'none'
)

select * from final
