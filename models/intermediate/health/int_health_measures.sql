-- The measures that some score component names, one below the other; a missing measure has no row.
-- Grain: one row an account_id, as_of_date and measure.
with account_measures as (
    select * from {{ ref('int_account_measures') }}
),

scored_measures as (
    select distinct measure
    from {{ ref('health_components') }}
),

unpivoted as (
    select
        account_measures.account_id,
        account_measures.as_of_date,
        scored_measures.measure,
        case scored_measures.measure
            {%- for measure in account_measures() %}
            when '{{ measure }}' then cast(account_measures.{{ measure }} as decimal(18, 6))
            {%- endfor %}
        end as measure_value
    from account_measures
    cross join scored_measures
),

known as (
    select
        account_id,
        as_of_date,
        measure,
        measure_value
    from unpivoted
    where measure_value is not null
)

select * from known
