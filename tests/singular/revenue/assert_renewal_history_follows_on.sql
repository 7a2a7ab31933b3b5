-- Detects gaps and overlaps in what was known of a renewal: each state lasts until the next, the newest has no end and is
-- what the renewal says today. A day with two states, or with none, would be read wrongly by every join on a day.
with history as (
    select
        *,
        lead(valid_from_date)
            over (partition by renewal_id order by valid_from_date)
            as next_valid_from_date
    from {{ ref('renewal_history') }}
),

newest as (
    select * from history
    where next_valid_from_date is null
)

select
    renewal_id,
    valid_from_date
from history
where
    valid_to_date <= valid_from_date
    or coalesce(valid_to_date, cast('9999-12-31' as date))
    <> coalesce(next_valid_from_date, cast('9999-12-31' as date))
union all
select
    renewals.renewal_id,
    newest.valid_from_date
from {{ ref('renewals') }} as renewals
left join newest on renewals.renewal_id = newest.renewal_id
where
    newest.renewal_id is null
    or renewals.outcome <> newest.outcome
    or renewals.renewed_usd <> newest.renewed_usd
