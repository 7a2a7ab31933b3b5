-- On which days each system delivered anything. Only the product delivers every day: usage of a day is known only if
-- it did; the other systems deliver when something changed.
-- Grain: one row a system and as_of_date.
with days as (
    select * from {{ ref('util_days') }}
),

deliveries as (
    select
        'product' as system,
        drop_date,
        rows_count
    from {{ ref('stg_product__deliveries') }}
    union all
    select 'crm', drop_date, rows_count from {{ ref('stg_crm__deliveries') }}
    union all
    select 'billing', drop_date, rows_count from {{ ref('stg_billing__deliveries') }}
    union all
    select 'zendesk', drop_date, rows_count from {{ ref('stg_zendesk__deliveries') }}
),

systems as (
    select distinct system from deliveries
),

final as (
    select
        systems.system,
        days.calendar_date as as_of_date,
        coalesce(deliveries.rows_count, 0) as rows_count,
        deliveries.drop_date is not null as is_delivered
    from days
    cross join systems
    left join deliveries
        on
            systems.system = deliveries.system
            and days.calendar_date = deliveries.drop_date
)

select * from final
