-- One row a calendar day, from the first day that any feed reached us to the clock.
with first_drops as (
    select min(_drop_date) as first_drop_date from {{ source('raw_product', 'landed_files') }}
    union all
    select min(_drop_date) as first_drop_date from {{ source('raw_crm', 'landed_files') }}
    union all
    select min(_drop_date) as first_drop_date from {{ source('raw_billing', 'landed_files') }}
    union all
    select min(_drop_date) as first_drop_date from {{ source('raw_zendesk', 'landed_files') }}
),

bounds as (
    select
        min(first_drop_date) as first_day,
        {{ as_of_date() }} as last_day
    from first_drops
),

days as (
    select {{ date_spine('bounds.first_day', 'bounds.last_day') }} as calendar_date
    from bounds
)

select
    calendar_date,
    cast({{ dbt.date_trunc('month', 'calendar_date') }} as date) as month_start_date
from days
