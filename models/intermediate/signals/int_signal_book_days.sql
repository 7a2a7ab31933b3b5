-- What all accounts together did on a day against what was usual for each: the median, so that no large customer decides.
-- A day on which that moved far is ours (an outage, a migration) and says nothing of a customer.
-- Grain: one row an as_of_date.
{%- set measures = ['credits', 'users'] %}

with expectations as (
    select * from {{ ref('int_account_signal_expectations') }}
),

medians as (
    select
        as_of_date,
        {%- for measure in measures %}
        count({{ measure }}_shift) as {{ measure }}_accounts_count,
        case
            when count({{ measure }}_shift) >= {{ var('signal_minimum_accounts') }}
                then median({{ measure }}_shift)
            else 0
        end as {{ measure }}_book_shift
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from expectations
    group by as_of_date
),

final as (
    select
        *,
        {%- for measure in measures %}
        abs(exp({{ measure }}_book_shift) - 1) > {{ var('signal_common_break_ratio') }}
        {%- if not loop.last %} or{% endif %}
        {%- endfor %} as is_common_break
    from medians
)

select * from final
