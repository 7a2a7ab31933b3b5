-- Closed months under each definition of retention, with the earlier months that it compares with and whether our history
-- reaches back that far. The first invoiced month may be cut off by where the export begins: revenue is known from the
-- next on. Activity is known at month ends before which the product feed arrived.
-- Grain: one row a month_start_date and definition.
with months as (
    select distinct
        month_start_date,
        month_end_date
    from {{ ref('int_account_months') }}
    where is_closed
),

first_invoiced as (
    select min(month_start_date) as month_start_date
    from {{ ref('int_invoice_lines_allotted_to_months') }}
    where account_id is not null
),

feed_days as (
    select as_of_date from {{ ref('int_feed_health') }}
    where system = 'product' and is_counted
),

known_months as (
    select
        months.month_start_date,
        coalesce(months.month_start_date > max(first_invoiced.month_start_date), false)
            as is_revenue_known,
        count(feed_days.as_of_date)
        >= {{ var('activity_retention_days') }} - {{ var('activity_retention_tolerance_days') }}
            as is_activity_known
    from months
    cross join first_invoiced
    left join feed_days
        on
            months.month_end_date >= feed_days.as_of_date
            and {{ dbt.datediff('feed_days.as_of_date', 'months.month_end_date', 'day') }}
            < {{ var('activity_retention_days') }}
    group by months.month_start_date
),

dated as (
    select
        known_months.*,
        definitions.*,
        {% for step in ['cohort', 'base', 'history'] -%}
        cast({{ dbt.dateadd(
            'month', '-definitions.' ~ step ~ '_months_ago', 'known_months.month_start_date'
        ) }} as date) as {{ step }}_month_date{% if not loop.last %},{% endif %}
        {% endfor %}
    from known_months
    cross join {{ ref('retention_definitions') }} as definitions
),

final as (
    select
        dated.month_start_date,
        dated.definition,
        dated.retention_name,
        dated.retention_kind,
        dated.retention_method,
        dated.revenue_basis,
        case
            when dated.retention_kind in ('logo', 'activity') then 'accounts' else 'cents'
        end as amount_unit,
        case
            when dated.revenue_basis = 'activity'
                then dated.is_activity_known and coalesce(earlier.is_activity_known, false)
            else dated.is_revenue_known and coalesce(earlier.is_revenue_known, false)
        end as is_known,
        dated.cohort_month_date,
        dated.base_month_date
    from dated
    left join known_months as earlier
        on dated.history_month_date = earlier.month_start_date
)

select * from final
