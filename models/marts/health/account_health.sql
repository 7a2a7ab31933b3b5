-- Health of each account now: band, score, what moved since yesterday and in four weeks, the strongest reasons in words,
-- and the revenue that depends on it. Grain: one row an account_id, as of the clock.
with clock as (
    select * from {{ ref('util_as_of') }}
),

daily as (
    select * from {{ ref('account_health_daily') }}
),

drivers as (
    select * from {{ ref('account_health_drivers') }}
),

accounts as (
    select * from {{ ref('accounts') }}
),

changes as (
    select
        *,
        row_number() over (
            partition by account_id
            order by abs(change_micropoints) desc, component asc
        ) as size_rank
    from {{ ref('account_health_changes') }}
    where window_days = 28
),

summed_changes as (
    select
        account_id,
        max(case when size_rank = 1 and change_micropoints <> 0 then reason end)
            as change_driver_28d,
        cast(sum(change_micropoints) * 0.000001 as decimal(5, 2)) as health_score_change_28d,
        cast(
            sum(configuration_effect_micropoints + override_effect_micropoints) * 0.000001
            as decimal(5, 2)
        ) as formula_change_28d
    from changes
    group by account_id
),

segments as (
    select * from {{ ref('account_segments') }}
),

ordered as (
    select
        *,
        lag(health_band) over (
            partition by account_id
            order by as_of_date
        ) as previous_health_band,
        lag(health_score) over (
            partition by account_id
            order by as_of_date
        ) as previous_health_score,
        health_score is not null
        and lag(health_score, 28) over (
            partition by account_id
            order by as_of_date
        ) is not null as is_scored_28d
    from daily
),

final as (
    select
        ordered.account_id,
        accounts.account_name,
        accounts.owner_name,
        accounts.plan,
        segments.segment,
        ordered.health_score_version,
        ordered.health_band,
        ordered.previous_health_band,
        worst.driver as worst_driver,
        best.driver as best_driver,
        summed_changes.change_driver_28d,
        ordered.override_reason,
        ordered.health_score,
        ordered.previous_health_score,
        case
            when ordered.is_scored_28d then summed_changes.health_score_change_28d
        end as health_score_change_28d,
        case
            when ordered.is_scored_28d then summed_changes.formula_change_28d
        end as formula_change_28d,
        ordered.coverage_ratio,
        ordered.usage_score,
        ordered.adoption_score,
        ordered.commercial_score,
        ordered.support_score,
        ordered.relationship_score,
        ordered.monthly_revenue_usd,
        ordered.is_provisional,
        ordered.provisional_reason,
        ordered.measured_on_date,
        ordered.as_of_date
    from ordered
    inner join clock
        on ordered.as_of_date = clock.as_of_date
    inner join accounts
        on ordered.account_id = accounts.account_id
    left join segments
        on ordered.account_id = segments.account_id
    left join summed_changes
        on ordered.account_id = summed_changes.account_id
    left join drivers as worst
        on
            ordered.account_id = worst.account_id
            and ordered.worst_component = worst.component
    left join drivers as best
        on
            ordered.account_id = best.account_id
            and ordered.best_component = best.component
)

select * from final
