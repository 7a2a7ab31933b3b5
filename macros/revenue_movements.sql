{% macro revenue_movements(keys, reached) -%}
    {#- CTEs from `revenue_months` (the keys, month_start_date, recurring_cents, metered_cents; no month missing) and
        `involuntary_months` (the keys, month_start_date) to `movements`: one kind a month and basis, in cents.
        Months count from the first for which `reached` is above 0, a column of `compared`. -#}
bases as (
    {%- for basis, amount in {
        'recurring': 'recurring_cents', 'metered': 'metered_cents', 'total': 'recurring_cents + metered_cents'
    }.items() %}
    select {{ keys | join(', ') }}, month_start_date, '{{ basis }}' as revenue_basis, {{ amount }} as end_cents
    from revenue_months
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

compared as (
    select
        *,
        lag(end_cents, 1, 0) over (
            partition by {{ keys | join(', ') }}, revenue_basis order by month_start_date
        ) as start_cents,
        max(end_cents) over (
            partition by {{ keys | join(', ') }}, revenue_basis
            order by month_start_date
            rows between unbounded preceding and 1 preceding
        ) as highest_earlier_cents,
        max(end_cents) over (
            partition by {{ keys | join(', ') }}, revenue_basis
            order by month_start_date
            rows between unbounded preceding and current row
        ) as highest_cents,
        max(abs(end_cents)) over (
            partition by {{ keys | join(', ') }}, revenue_basis
            order by month_start_date
            rows between unbounded preceding and current row
        ) as largest_cents
    from bases
),

classified as (
    select
        *,
        abs(end_cents - start_cents) as moved_cents,
        case
            when start_cents <= 0 and end_cents > 0
                then case when highest_earlier_cents > 0 then 'reactivation' else 'new' end
            when start_cents > 0 and end_cents <= 0 then 'churn'
            when end_cents > start_cents then 'expansion'
            when end_cents < start_cents then 'contraction'
            when end_cents = 0 then 'inactive'
            else 'unchanged'
        end as movement_type
    from compared
    where {{ reached }} > 0
),

movements as (
    select
        {%- for key in keys %}
        classified.{{ key }},
        {%- endfor %}
        classified.revenue_basis,
        classified.movement_type,
        case
            when classified.movement_type = 'churn'
                then
                    case
                        when involuntary_months.month_start_date is not null then 'involuntary'
                        else 'voluntary'
                    end
        end as churn_kind,
        {{ usd_from_cents('classified.start_cents') }} as start_usd,
        {% for movement in ['new', 'expansion', 'contraction', 'churn', 'reactivation'] -%}
        {{ usd_from_cents(
            "case when classified.movement_type = '" ~ movement ~ "' then classified.moved_cents else 0 end"
        ) }} as {{ movement }}_usd,
        {% endfor -%}
        {{ usd_from_cents('classified.end_cents') }} as end_usd,
        classified.month_start_date
    from classified
    left join involuntary_months
        on
            classified.month_start_date = involuntary_months.month_start_date
            {%- for key in keys %}
            and coalesce(classified.{{ key }}, '') = coalesce(involuntary_months.{{ key }}, '')
            {%- endfor %}
)
{%- endmacro %}
