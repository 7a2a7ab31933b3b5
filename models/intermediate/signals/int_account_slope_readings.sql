-- Whether consumption bends: the slope of the last weeks against that of as many weeks before, on logarithms of weekly sums,
-- in standard errors of their difference. Rows of the same weekday are a week apart, so that frames over them count weeks.
-- Grain: one row an account_id and as_of_date, dense.
{%- set weeks = var('signal_slope_weeks') %}
{%- set recent = (weeks - 1) ~ ' preceding and current row' %}
{%- set earlier = (2 * weeks - 1) ~ ' preceding and ' ~ weeks ~ ' preceding' %}
{%- set same_weekday -%}
    partition by account_id, weekday_number order by as_of_date asc nulls last rows between
{%- endset %}

with usage_days as (
    select * from {{ ref('int_account_usage_days') }}
),

signal_days as (
    select * from {{ ref('int_signal_days') }}
),

book_days as (
    select * from {{ ref('int_signal_book_days') }}
),

evidence as (
    select
        usage_days.account_id,
        usage_days.as_of_date,
        signal_days.weekday_number,
        coalesce(signal_days.is_confirming, false) as is_confirming,
        case
            when signal_days.is_evidence and not book_days.is_common_break
                then cast(usage_days.credits as double)
        end as credits
    from usage_days
    left join signal_days
        on usage_days.as_of_date = signal_days.as_of_date
    left join book_days
        on usage_days.as_of_date = book_days.as_of_date
),

-- A week is the mean of the days of it that prove something; a week without use has no logarithm.
weekly as (
    select
        *,
        case
            when
                count(credits) over {{ trailing_frame(7) }}
                >= {{ 7 * var('signal_minimum_known_ratio') }}
                then ln(nullif(avg(credits) over {{ trailing_frame(7) }}, 0))
        end as week_log,
        count(*) over (
            partition by account_id order by as_of_date asc nulls last
            rows between unbounded preceding and current row
        ) / 7.0 as week_number
    from evidence
),

fitted as (
    select
        *,
        {%- for name, frame in [('recent', recent), ('earlier', earlier)] %}
        regr_slope(week_log, week_number) over ({{ same_weekday }} {{ frame }}) as {{ name }}_slope,
        var_pop(week_log) over ({{ same_weekday }} {{ frame }}) as {{ name }}_variance,
        var_pop(case when week_log is not null then week_number end)
            over ({{ same_weekday }} {{ frame }}) as {{ name }}_weeks_variance,
        count(week_log) over ({{ same_weekday }} {{ frame }}) as {{ name }}_weeks_count
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from weekly
),

-- What a line leaves unexplained, over the degrees of freedom of both lines.
final as (
    select
        account_id,
        as_of_date,
        is_confirming,
        7 * exp(week_log) as week_credits,
        recent_slope,
        earlier_slope,
        case
            when recent_weeks_count = {{ weeks }} and earlier_weeks_count = {{ weeks }}
                then round((recent_slope - earlier_slope) / sqrt(
                    greatest(
                        power({{ var('signal_week_noise_ratio') }}, 2),
                        (
                            recent_variance + earlier_variance
                            - power(recent_slope, 2) * recent_weeks_variance
                            - power(earlier_slope, 2) * earlier_weeks_variance
                        ) * {{ weeks }} / {{ 2 * weeks - 4 }}.0
                    ) / {{ weeks }} * (1 / recent_weeks_variance + 1 / earlier_weeks_variance)
                ), 6)
        end as strength
    from fitted
)

select * from final
