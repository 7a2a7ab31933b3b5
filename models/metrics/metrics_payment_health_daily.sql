-- How customers of the whole company pay, at the end of each day: sums over accounts, days sales outstanding by two methods.
-- Grain: one row an as_of_date.
{%- set sums = [
    'receivables_usd', 'not_due_usd', 'past_due_usd', 'billed_usd', 'billed_90d_usd', 'failed_90d_usd', 'recovered_90d_usd',
    'lost_90d_usd', 'failed_open_usd', 'disputed_open_usd', 'disputed_won_usd', 'disputed_lost_usd', 'disputed_withdrawn_usd',
] %}
{%- set counts = [
    'failed_attempts_90d_count', 'failed_payments_90d_count', 'recovered_payments_90d_count', 'lost_payments_90d_count',
    'disputes_open_count', 'disputes_won_count', 'disputes_lost_count', 'disputes_withdrawn_count',
] %}

with account_days as (
    select * from {{ ref('account_payment_health_daily') }}
),

summed as (
    select
        {%- for age_bucket in receivable_age_buckets() %}
        cast(sum(past_due_{{ age_bucket }}_usd) as decimal(18, 2)) as past_due_{{ age_bucket }}_usd,
        {%- endfor %}
        {%- for column in sums %}
        cast(sum({{ column }}) as decimal(18, 2)) as {{ column }},
        {%- endfor %}
        {%- for column in counts %}
        cast(sum({{ column }}) as bigint) as {{ column }},
        {%- endfor %}
        count(*) as accounts_count,
        count(*) filter (where past_due_usd > 0) as past_due_accounts_count,
        max(window_days) as window_days,
        as_of_date
    from account_days
    group by as_of_date
),

billed_to_date as (
    select
        as_of_date,
        receivables_usd,
        sum(billed_usd)
            over (order by as_of_date rows between unbounded preceding and current row)
            as billed_usd
    from summed
),

-- The newest day since whose end as much was billed as is owed now.
counted_back as (
    select
        later.as_of_date,
        max(earlier.as_of_date) as from_date
    from billed_to_date as later
    inner join billed_to_date as earlier
        on
            later.as_of_date >= earlier.as_of_date
            and later.billed_usd - earlier.billed_usd >= later.receivables_usd
    group by later.as_of_date
),

final as (
    select
        summed.*,
        case
            when summed.billed_90d_usd > 0
                then
                    cast(summed.receivables_usd as double)
                    * summed.window_days
                    / cast(summed.billed_90d_usd as double)
        end as dso_days,
        cast({{ dbt.datediff('counted_back.from_date', 'summed.as_of_date', 'day') }} as bigint)
            as count_back_dso_days,
        cast(summed.recovered_90d_usd as double)
        / nullif(cast(summed.recovered_90d_usd + summed.lost_90d_usd as double), 0)
            as recovery_90d_ratio
    from summed
    left join counted_back on summed.as_of_date = counted_back.as_of_date
)

select * from final
