-- On any day an account had one segment: versions of an account may not overlap, and none may end before it begins.
-- An overlap counts money and accounts twice in every join on a day.
with versions as (
    select
        account_id,
        valid_from_at,
        valid_to_at,
        lead(valid_from_at) over (
            partition by account_id
            order by valid_from_at asc nulls last
        ) as next_valid_from_at
    from {{ ref('account_segment_history') }}
)

select * from versions
where
    valid_to_at <= valid_from_at
    or (next_valid_from_at is not null and coalesce(valid_to_at > next_valid_from_at, true))
