-- The score of every account and day must be exactly the sum of what its components add: no hidden term, residual 0.
with sums as (
    select
        account_id,
        as_of_date,
        sum(contribution_micropoints) as contributions_micropoints
    from {{ ref('int_health_contributions') }}
    group by account_id, as_of_date
)

select
    daily.account_id,
    daily.as_of_date,
    daily.score_micropoints,
    sums.contributions_micropoints
from {{ ref('account_health_daily') }} as daily
left join sums
    on
        daily.account_id = sums.account_id
        and daily.as_of_date = sums.as_of_date
where
    daily.score_micropoints is not null
    and (
        daily.score_micropoints <> coalesce(sums.contributions_micropoints, -1)
        or daily.score_micropoints < 0
        or daily.score_micropoints > 100000000
    )
