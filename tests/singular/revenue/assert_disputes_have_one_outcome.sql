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
    {%- for outcome in ['open', 'won', 'lost', 'withdrawn'] %}
    published.disputes_{{ outcome }}_count < 0
    or published.disputed_{{ outcome }}_usd < 0
    or
    {%- endfor %}
    (
        published.is_newest
        and (
            published.disputes_lost_count <> coalesce(newest.lost_count, 0)
            or published.disputes_open_count
            + published.disputes_won_count
            + published.disputes_lost_count
            + published.disputes_withdrawn_count
            <> coalesce(newest.disputes_count, 0)
            or published.disputed_open_usd
            + published.disputed_won_usd
            + published.disputed_lost_usd
            + published.disputed_withdrawn_usd
            <> {{ usd_from_cents('coalesce(newest.disputed_cents, 0)') }}
        )
    )
