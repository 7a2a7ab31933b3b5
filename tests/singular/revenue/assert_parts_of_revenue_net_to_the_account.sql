-- Detects that products or use cases do not add up to their account: in each month and basis their starts, ends and net
-- movements must, to the cent; and each of their months must start where the one before ended, without a gap.
{%- set grains = {'product': 'billing_product_id', 'use_case': 'use_case_id'} %}
{%- set net = 'new_usd + expansion_usd + reactivation_usd - contraction_usd - churn_usd' %}
with accounts as (
    select
        account_id,
        month_start_date,
        revenue_basis,
        start_usd,
        {{ net }} as net_usd,
        end_usd
    from {{ ref('revenue_movements_monthly') }}
),

{% for grain, key in grains.items() -%}
{{ grain }}_months as (
    select
        *,
        lag(end_usd, 1, 0) over (
            partition by account_id, {{ key }}, revenue_basis order by month_start_date
        ) as previous_end_usd,
        {{ dbt.datediff(
            'lag(month_start_date) over (partition by account_id, ' ~ key
            ~ ', revenue_basis order by month_start_date)',
            'month_start_date',
            'month',
        ) }} as months_since
    from {{ ref('revenue_movements_by_' ~ grain ~ '_monthly') }}
),

{{ grain }}_sums as (
    select
        account_id,
        month_start_date,
        revenue_basis,
        sum(start_usd) as start_usd,
        sum({{ net }}) as net_usd,
        sum(end_usd) as end_usd
    from {{ grain }}_months
    group by account_id, month_start_date, revenue_basis
),

{% endfor -%}
failures as (
    {%- for grain, key in grains.items() %}
    select
        '{{ grain }} does not add up' as failure,
        accounts.account_id,
        accounts.month_start_date
    from accounts
    left join {{ grain }}_sums as sums
        on
            accounts.account_id = sums.account_id
            and accounts.month_start_date = sums.month_start_date
            and accounts.revenue_basis = sums.revenue_basis
    where
        accounts.start_usd <> coalesce(sums.start_usd, 0)
        or accounts.net_usd <> coalesce(sums.net_usd, 0)
        or accounts.end_usd <> coalesce(sums.end_usd, 0)
    union all
    select
        '{{ grain }} not followed on' as failure,
        account_id,
        month_start_date
    from {{ grain }}_months
    where
        start_usd <> previous_end_usd
        or months_since <> 1
        or start_usd + {{ net }} <> end_usd
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select * from failures
