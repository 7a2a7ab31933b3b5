-- Which components earn points on a day, as the sum of their bits. A table of its own: the many rows of points pass through
-- here once, and through the contributions once more, and are kept nowhere.
-- Grain: one row an account_id, as_of_date and health_score_version of which any component earns points.
with points as (
    select * from {{ ref('int_health_points') }}
),

final as (
    select
        account_id,
        as_of_date,
        health_score_version,
        cast(sum(component_bit) as bigint) as present_bits
    from points
    group by account_id, as_of_date, health_score_version
)

select * from final
