-- On how many days so far an account could be seen at work: it was active, the feed was whole, and the day was neither a
-- holiday nor one on which all accounts moved. Working days and weekends apart, as teams keep to one or to both.
-- Grain: one row an account_id and as_of_date, dense.
with usage_days as (
    select * from {{ ref('int_account_usage_days') }}
),

signal_days as (
    select * from {{ ref('int_signal_days') }}
),

book_days as (
    select * from {{ ref('int_signal_book_days') }}
),

observed as (
    select
        usage_days.account_id,
        usage_days.as_of_date,
        coalesce(signal_days.is_weekend, false) as is_weekend,
        coalesce(signal_days.is_confirming, false) as is_confirming,
        coalesce(
            signal_days.is_evidence and not book_days.is_common_break
            and usage_days.events_count > 0, false
        ) as is_observed
    from usage_days
    left join signal_days
        on usage_days.as_of_date = signal_days.as_of_date
    left join book_days
        on usage_days.as_of_date = book_days.as_of_date
),

final as (
    select
        *,
        {%- for name, condition in [('working', 'not is_weekend'), ('weekend', 'is_weekend')] %}
        cast(count(case when is_observed and {{ condition }} then 1 end) over (
            partition by account_id order by as_of_date asc nulls last
            rows between unbounded preceding and current row
        ) as bigint) as {{ name }}_days_to_date_count
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from observed
)

select * from final
