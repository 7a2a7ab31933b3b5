-- What an account did on a day against what was to be expected of it: its own weekday, moved as all accounts moved that
-- day. Days that prove nothing have neither. Noise is what it usually deviates by, as a ratio of its level.
-- Grain: one row an account_id and as_of_date, dense.
{%- set measures = ['credits', 'users'] %}

with expectations as (
    select * from {{ ref('int_account_signal_expectations') }}
),

book_days as (
    select * from {{ ref('int_signal_book_days') }}
),

expected as (
    select
        expectations.account_id,
        expectations.as_of_date,
        expectations.is_confirming,
        {%- for measure in measures %}
        expectations.{{ measure }}_level,
        case
            when expectations.{{ measure }}_usual is not null and not book_days.is_common_break
                then expectations.{{ measure }}
        end as {{ measure }}_seen,
        case
            when expectations.{{ measure }}_usual is not null and not book_days.is_common_break
                then expectations.{{ measure }}_usual * exp(book_days.{{ measure }}_book_shift)
        end as {{ measure }}_expected
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from expectations
    inner join book_days
        on expectations.as_of_date = book_days.as_of_date
),

deviations as (
    select
        *,
        {%- for measure in measures %}
        ({{ measure }}_seen - {{ measure }}_expected) / nullif({{ measure }}_level, 0)
            as {{ measure }}_deviation
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from expected
),

-- One day far out, a backfill for example, must not make the account deaf.
final as (
    select
        *,
        {%- for measure in measures %}
        sqrt(avg(
            case
                when abs({{ measure }}_deviation) < {{ var('signal_noise_cap_ratio') }}
                    then power({{ measure }}_deviation, 2)
                when {{ measure }}_deviation is not null
                    then {{ var('signal_noise_cap_ratio') ** 2 }}
            end
        ) over {{ trailing_frame(var('signal_noise_days')) }}) as {{ measure }}_noise
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from deviations
)

select * from final
