-- What the gate last said of each day's drop; a day that it never looked at is not there.
-- Grain: one row a system and drop_date.
with source as (
    select
        *,
        row_number() over (
            partition by system, drop_date
            order by checked_at desc nulls last, run_id desc nulls last
        ) as recency
    from {{ source('ops', 'gate_days') }}
    where drop_date <= {{ as_of_date() }}
),

renamed as (
    select
        ---------- keys
        system,
        drop_date,

        ---------- strings
        reasons,

        ---------- numbers
        warnings_count,

        ---------- timestamps
        checked_at
    from source
    where recency = 1
)

select * from renamed
