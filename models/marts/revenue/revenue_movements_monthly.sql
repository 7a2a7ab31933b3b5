-- Revenue movements of each account in each closed month: start + new + expansion + reactivation - contraction - churn
-- = end, exactly, on three bases. Grain: one row an account_id, month_start_date and revenue_basis.
with revenue_months as (
    select * from {{ ref('int_account_revenue_monthly') }}
    where is_closed
),

bases as (
    select account_id, month_start_date, 'recurring' as revenue_basis, recurring_cents as end_cents
    from revenue_months
    union all
    select account_id, month_start_date, 'metered' as revenue_basis, metered_cents as end_cents
    from revenue_months
    union all
    select
        account_id,
        month_start_date,
        'total' as revenue_basis,
        recurring_cents + metered_cents as end_cents
    from revenue_months
),

compared as (
    select
        account_id,
        month_start_date,
        revenue_basis,
        end_cents,
        lag(end_cents, 1, 0) over (
            partition by account_id, revenue_basis order by month_start_date
        ) as start_cents,
        max(end_cents) over (
            partition by account_id, revenue_basis
            order by month_start_date
            rows between unbounded preceding and 1 preceding
        ) as highest_earlier_cents,
        max(end_cents) over (
            partition by account_id, revenue_basis
            order by month_start_date
            rows between unbounded preceding and current row
        ) as highest_cents
    from bases
),

classified as (
    select
        account_id,
        month_start_date,
        revenue_basis,
        start_cents,
        end_cents,
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
    -- From the first month with revenue on.
    where highest_cents > 0
),

final as (
    select
        account_id,
        revenue_basis,
        movement_type,
        {{ usd_from_cents('start_cents') }} as start_usd,
        {% for movement in ['new', 'expansion', 'contraction', 'churn', 'reactivation'] -%}
        {{ usd_from_cents(
            "case when movement_type = '" ~ movement ~ "' then moved_cents else 0 end"
        ) }} as {{ movement }}_usd,
        {% endfor -%}
        {{ usd_from_cents('end_cents') }} as end_usd,
        month_start_date
    from classified
)

select * from final
