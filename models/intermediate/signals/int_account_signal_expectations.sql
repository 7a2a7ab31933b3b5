-- What was usual for an account on such a day, from weeks that had passed before the newest ones: consumption and people.
-- Null until enough weeks are known, for accounts that were asleep, and on days that are evidence of nothing.
-- Grain: one row an account_id and as_of_date, dense.
{%- set measures = ['credits', 'users'] %}
{%- set floor_ratio = var('signal_floor_ratio') %}
{%- set pattern_weeks -%}
    over (
        partition by account_id, weekday_number order by as_of_date asc nulls last
        rows between {{ var('signal_lag_weeks') + var('signal_pattern_weeks') - 1 }} preceding
        and {{ var('signal_lag_weeks') }} preceding
    )
{%- endset %}

with usage_days as (
    select * from {{ ref('int_account_usage_days') }}
),

signal_days as (
    select * from {{ ref('int_signal_days') }}
),

evidence as (
    select
        usage_days.account_id,
        usage_days.as_of_date,
        signal_days.weekday_number,
        coalesce(signal_days.is_confirming, false) as is_confirming,
        case when signal_days.is_evidence then cast(usage_days.credits as double) end as credits,
        case when signal_days.is_evidence then cast(usage_days.active_users_count as double) end
            as users
    from usage_days
    left join signal_days
        on usage_days.as_of_date = signal_days.as_of_date
),

patterns as (
    select
        *,
        {%- for measure in measures %}
        avg({{ measure }}) {{ pattern_weeks }} as {{ measure }}_pattern,
        {%- endfor %}
        count(credits) {{ pattern_weeks }} as pattern_weeks_count
    from evidence
),

levels as (
    select
        *,
        {%- for measure in measures %}
        avg({{ measure }}_pattern) over {{ trailing_frame(7) }} as {{ measure }}_level
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from patterns
),

final as (
    select
        account_id,
        as_of_date,
        weekday_number,
        is_confirming,
        {%- for measure in measures %}
        {%- set is_expected -%}
            {{ measure }} is not null and {{ measure }}_level > 0
            and pattern_weeks_count >= {{ var('signal_minimum_pattern_weeks') }}
        {%- endset %}
        {{ measure }},
        {{ measure }}_level,
        case when {{ is_expected }} then {{ measure }}_pattern end as {{ measure }}_usual,
        case
            when {{ is_expected }}
                then ln(
                    ({{ measure }} + {{ floor_ratio }} * {{ measure }}_level)
                    / ({{ measure }}_pattern + {{ floor_ratio }} * {{ measure }}_level)
                )
        end as {{ measure }}_shift
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from levels
)

select * from final
