-- Whoever works a list of signals must find each trouble once: a new signal of a kind about the same unit begins only once
-- the one before has ended.
with ordered as (
    select
        *,
        lead(detected_date) over (
            partition by account_id, signal_kind, unit_id
            order by detected_date asc nulls last
        ) as next_detected_date
    from {{ ref('usage_signals') }}
)

select * from ordered
where
    next_detected_date is not null
    and (ended_date is null or ended_date > next_detected_date)
