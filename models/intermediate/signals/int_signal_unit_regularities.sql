-- How regular a unit was on each of its days of use: its last days of use against the observed days that they took, as the
-- chance to be idle on one more day. Grain: one row an account_id, unit_type, unit_id and last_used_date.
{%- set uses = var('signal_regular_days') %}
{%- set by_unit -%}
    partition by account_id, unit_type, unit_id order by as_of_date asc nulls last
{%- endset %}

with unit_days as (
    select * from {{ ref('int_signal_unit_days') }}
),

histories as (
    select
        *,
        lag(as_of_date, {{ uses }}) over ({{ by_unit }}) as regular_from_date,
        lead(as_of_date) over ({{ by_unit }}) as next_used_date,
        sum(credits) over ({{ by_unit }} rows between {{ uses - 1 }} preceding and current row)
            as regular_credits,
        {%- for name, condition in [('working', 'not is_weekend'), ('weekend', 'is_weekend')] %}
        count(case when {{ condition }} then 1 end) over (
            {{ by_unit }} rows between {{ uses - 1 }} preceding and current row
        ) as {{ name }}_uses_count,
        {{ name }}_days_to_date_count
        - lag({{ name }}_days_to_date_count, {{ uses }}) over ({{ by_unit }})
            as {{ name }}_days_count
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from unit_days
),

-- One day is added so that nobody is certain.
final as (
    select
        account_id,
        unit_type,
        unit_id,
        as_of_date as last_used_date,
        {%- for name in ['working', 'weekend'] %}
        {{ name }}_days_to_date_count,
        {{ name }}_uses_count / ({{ name }}_days_count + 1.0) as {{ name }}_use_ratio,
        -ln(1 - {{ name }}_uses_count / ({{ name }}_days_count + 1.0)) as {{ name }}_hazard,
        {%- endfor %}
        regular_credits * 28 / nullif(
            {{ dbt.datediff('regular_from_date', 'as_of_date', 'day') }}, 0
        ) as regular_credits_28d,
        regular_from_date,
        next_used_date
    from histories
    where regular_from_date is not null
)

select * from final
