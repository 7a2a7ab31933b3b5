-- Accounts whose score fell (direction -1) or rose (1) most within the window, with what moved it most and how many of
-- the points are the formula's doing, not the customer's.
with moved as (
    select
        now.account_id,
        now.account_name,
        coalesce(now.owner_name, 'nobody') as owner_name,
        now.health_band,
        earlier.health_score as previous_health_score,
        now.health_score,
        now.health_score - earlier.health_score as score_change,
        now.monthly_revenue_usd
    from marts.account_health as now
    inner join marts.account_health_daily as earlier
        on now.account_id = earlier.account_id and now.as_of_date - cast($window_days as integer) = earlier.as_of_date
    where sign(now.health_score - earlier.health_score) = $direction
),

formula as (
    select
        account_id,
        sum(configuration_effect_micropoints + override_effect_micropoints) / 1e6 as formula_points
    from marts.account_health_changes
    where window_days = $window_days
    group by account_id
)

select
    moved.*,
    changes.reason,
    formula.formula_points,
    count(*) over () as all_rows_count
from moved
left join formula on moved.account_id = formula.account_id
left join marts.account_health_changes as changes
    on
        moved.account_id = changes.account_id
        and changes.window_days = $window_days
        and case when $direction < 0 then changes.down_rank else changes.up_rank end = 1
order by abs(moved.score_change) desc, moved.monthly_revenue_usd desc nulls last, moved.account_id
limit $row_limit
