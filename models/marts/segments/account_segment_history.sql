-- Which segment each account was published with, from when to when.
-- Grain: one row an account_id and valid_from_at.
with versions as (
    select * from {{ ref('account_segments_snapshot') }}
),

final as (
    select
        account_id,
        segment,
        segment_reason,
        dbt_valid_to is null as is_current,
        dbt_valid_from as valid_from_at,
        dbt_valid_to as valid_to_at
    from versions
    -- A second refresh of the same day that sees a change leaves a version of no length.
    where dbt_valid_to is null or dbt_valid_to > dbt_valid_from
)

select * from final
