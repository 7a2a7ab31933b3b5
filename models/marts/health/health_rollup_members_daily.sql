-- What the health of each group of accounts is made of: each member with its weight, which is its monthly revenue, and what
-- it adds to the score of the group. Members without a score have no weight. Where no scored member has revenue they weigh
-- the same. Whole micro-points, so that the score of a group is exactly the sum of what its members add.
-- Grain: one row an account_id, as_of_date and rollup_type.
with daily as (
    select * from {{ ref('account_health_daily') }}
),

rollup_groups as (
    select * from {{ ref('int_health_rollup_groups') }}
),

members as (
    select
        daily.account_id,
        daily.as_of_date,
        rollup_groups.rollup_type,
        rollup_groups.rollup_id,
        daily.health_band,
        daily.score_micropoints,
        coalesce(daily.monthly_revenue_usd, 0) as monthly_revenue_usd,
        case
            when daily.score_micropoints is null then 0
            -- A month in which more was credited than charged weighs nothing.
            else greatest(cast(coalesce(daily.monthly_revenue_usd, 0) * 100 as bigint), 0)
        end as scored_cents,
        daily.is_provisional
    from daily
    inner join rollup_groups
        on daily.account_id = rollup_groups.account_id
),

totals as (
    select
        *,
        sum(scored_cents) over (
            partition by rollup_type, rollup_id, as_of_date
        ) as group_scored_cents,
        count(score_micropoints) over (
            partition by rollup_type, rollup_id, as_of_date
        ) as group_scored_count
    from members
),

weighted as (
    select
        *,
        case
            when score_micropoints is null then 0
            when group_scored_cents > 0 then scored_cents
            else 1
        end as weight,
        case
            when group_scored_cents > 0 then group_scored_cents
            else group_scored_count
        end as group_weight
    from totals
),

final as (
    select
        account_id,
        as_of_date,
        rollup_type,
        rollup_id,
        health_band,
        score_micropoints,
        cast(weight as bigint) as weight,
        case
            when score_micropoints is not null
                then {{ floor_divide(wide('score_micropoints') ~ ' * weight', 'group_weight') }}
        end as contribution_micropoints,
        cast(monthly_revenue_usd as decimal(18, 2)) as monthly_revenue_usd,
        -- Cents times micro-points are 100 million times what they are worth.
        {{ usd_from_cents(
            floor_divide(wide('scored_cents') ~ ' * coalesce(score_micropoints, 0)', '100000000')
        ) }} as health_weighted_revenue_usd,
        score_micropoints is not null as is_scored,
        is_provisional
    from weighted
)

select * from final
