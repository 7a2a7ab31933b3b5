-- Commits that are open at the clock, with what is left of them and of those that burn first, and why nothing can be
-- said about one. Grain: one row a credit_grant_id.
with clock as (
    select as_of_date from {{ ref('util_as_of') }}
),

burn_days as (
    select
        *,
        balance_cents - unbilled_cents as remaining_cents
    from {{ ref('int_commit_burn_days') }}
),

grants as (
    select * from {{ ref('int_commit_grants') }}
),

estimates as (
    select * from {{ ref('int_account_consumption_estimates') }}
),

exhausted as (
    select
        credit_grant_id,
        min(as_of_date) as exhausted_date
    from burn_days
    where remaining_cents = 0
    group by credit_grant_id
),

final as (
    select
        burn_days.credit_grant_id,
        burn_days.account_id,
        case
            when
                coalesce(estimates.known_days_to_date_count, 0)
                < {{ var('forecast_minimum_known_days') }} then 'too_little_history'
            when burn_days.cents_per_credit is null then 'no_price'
        end as missing_reason,
        burn_days.remaining_cents,
        cast(coalesce(sum(burn_days.remaining_cents) over (
            partition by burn_days.account_id
            order by burn_days.burn_priority, burn_days.expires_date, burn_days.credit_grant_id
            rows between unbounded preceding and 1 preceding
        ), 0) as bigint) as ahead_cents,
        cast(
            sum(burn_days.remaining_cents) over (partition by burn_days.account_id) as bigint
        ) as account_remaining_cents,
        burn_days.overage_cents,
        burn_days.cents_per_credit,
        burn_days.as_of_date,
        exhausted.exhausted_date,
        grants.last_drawn_date,
        burn_days.expires_date
    from burn_days
    inner join clock
        on burn_days.as_of_date = clock.as_of_date and burn_days.ended_date > clock.as_of_date
    inner join grants on burn_days.credit_grant_id = grants.credit_grant_id
    left join estimates
        on
            burn_days.account_id = estimates.account_id
            and burn_days.as_of_date = estimates.as_of_date
    left join exhausted
        on
            burn_days.credit_grant_id = exhausted.credit_grant_id
            and burn_days.remaining_cents = 0
)

select * from final
