-- What the past of an account says about its consumption, at the end of each day and from days until then alone: its
-- weekday pattern, level, growth and noise. Unknown days drop out. Rows of the same weekday are a week apart, so that
-- frames over them count weeks. Grain: one row an account_id and as_of_date, dense.
{%- set level_weeks = var('forecast_level_weeks') %}
{%- set growth_weeks = var('forecast_growth_weeks') %}
{%- set same_weekday %}partition by account_id, weekday_number order by as_of_date asc nulls last{% endset %}
{%- set to_date -%}
    over (partition by account_id order by as_of_date rows between unbounded preceding and current row)
{%- endset %}

with usage_days as (
    select
        account_id,
        as_of_date,
        mod(
            {{ dbt.datediff("cast('1970-01-01' as date)", 'as_of_date', 'day') }}, 7
        ) as weekday_number,
        cast(credits as double) as credits
    from {{ ref('int_account_usage_days') }}
),

patterns as (
    select
        *,
        avg(credits) over (
            {{ same_weekday }}
            rows between {{ var('forecast_pattern_weeks') - 1 }} preceding and current row
        ) as weekday_credits
    from usage_days
),

-- A week with unknown days is worth its known days over their part of the pattern; one that began before the account is none.
weeks as (
    select
        *,
        sum(credits) over {{ trailing_frame(7) }} as known_credits,
        sum(case when credits is not null then weekday_credits end)
            over {{ trailing_frame(7) }} as known_pattern_credits,
        sum(weekday_credits) over {{ trailing_frame(7) }} as pattern_credits,
        count(*) over {{ trailing_frame(7) }} as days_count
    from patterns
),

weekly as (
    select
        *,
        case
            when days_count < 7 then null
            when known_pattern_credits = 0 then 0
            else known_credits * pattern_credits / known_pattern_credits
        end as week_credits
    from weeks
),

lagged_weeks as (
    select
        *,
        {%- for week in range(level_weeks) %}
        lag(week_credits, {{ week }}) over ({{ same_weekday }}) as week_{{ week }}_credits,
        {%- endfor %}
        week_credits - lag(week_credits, 1) over ({{ same_weekday }}) as week_change,
        avg(week_credits) over (
            {{ same_weekday }} rows between {{ growth_weeks - 1 }} preceding and current row
        ) as recent_credits,
        avg(week_credits) over (
            {{ same_weekday }}
            rows between {{ 2 * growth_weeks - 1 }} preceding and {{ growth_weeks }} preceding
        ) as earlier_credits,
        count(week_credits) over (
            {{ same_weekday }}
            rows between {{ 2 * growth_weeks - 1 }} preceding and {{ growth_weeks }} preceding
        ) as earlier_weeks_count
    from weekly
),

final as (
    select
        account_id,
        as_of_date,
        credits,
        weekday_credits,
        pattern_credits,
        {{ forecast_level(level_weeks) }} as level_credits,
        {{ forecast_growth('recent_credits', 'earlier_credits', 'earlier_weeks_count') }}
            as growth_ratio,
        sqrt(avg(week_change * week_change) over (
            {{ same_weekday }} rows between {{ 2 * growth_weeks - 2 }} preceding and current row
        )) as noise_credits,
        avg(credits) over {{ trailing_frame(var('forecast_repeated_days')) }} as repeated_credits,
        sum(coalesce(credits, 0)) {{ to_date }} as credits_to_date,
        sum(coalesce(credits, weekday_credits, 0)) {{ to_date }} as filled_credits_to_date,
        count(credits) {{ to_date }} as known_days_to_date_count
    from lagged_weeks
)

select * from final
