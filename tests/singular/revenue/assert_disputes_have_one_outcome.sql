-- Detects disputes that are counted twice or lost: on the last day the disputes of an account that are open, won, lost and
-- withdrawn are all that were ever opened at it, each by its newest status, and no part is negative on any day.
with newest as (
    select
        account_id,
        count(*) as disputes_count,
        sum(disputed_cents) as disputed_cents,
        count(*) filter (where dispute_outcome = 'lost') as lost_count
    from {{ ref('int_dispute_periods') }}
    where known_to_date is null
    group by account_id
),

published as (
    select
        account_payments.*,
        account_payments.as_of_date = clock.as_of_date as is_newest
    from {{ ref('account_payment_health_daily') }} as account_payments
    cross join {{ ref('util_as_of') }} as clock
)

select
    published.account_id,
    published.as_of_date
from published
left join newest on published.account_id = newest.account_id
where
    least(disputes_open_count, disputes_won_count, disputes_lost_count, disputes_withdrawn_count) < 0
    or least(disputed_open_usd, disputed_won_usd, disputed_lost_usd, disputed_withdrawn_usd) < 0
    or (
        published.is_newest
        and (
            disputes_open_count + disputes_won_count + disputes_lost_count + disputes_withdrawn_count
            <> coalesce(newest.disputes_count, 0)
            or disputed_open_usd + disputed_won_usd + disputed_lost_usd + disputed_withdrawn_usd
            <> {{ usd_from_cents('coalesce(newest.disputed_cents, 0)') }}
            or disputes_lost_count <> coalesce(newest.lost_count, 0)
        )
    )
