-- Each dimension of each account's health on each day under the version that holds: its own score, what it adds to the
-- whole, how much of it is measured and how fresh its data are. Also where nothing is known: then without a score.
-- Grain: one row an account_id, as_of_date and dimension.
with scores as (
    select * from {{ ref('int_account_health_scores') }}
    where is_official
),

dimension_days as (
    select * from {{ ref('int_health_dimension_days') }}
),

sums as (
    select
        account_id,
        as_of_date,
        dimension,
        sum(contribution_micropoints) as contribution_micropoints,
        -- What a component earns for want of a measure is no knowledge.
        sum(case when measure_value is not null then weight else 0 end) as measured_weight
    from {{ ref('account_health_contributions_daily') }}
    group by account_id, as_of_date, dimension
),

final as (
    select
        scores.account_id,
        scores.as_of_date,
        dimension_days.dimension,
        scores.health_score_version,
        case dimension_days.dimension
            {%- for dimension in health_dimensions() %}
            when '{{ dimension }}' then scores.{{ dimension }}_score
            {%- endfor %}
        end as dimension_score,
        cast(coalesce(sums.contribution_micropoints, 0) as bigint) as contribution_micropoints,
        dimension_days.weight,
        cast(
            cast(coalesce(sums.measured_weight, 0) as double)
            / nullif(dimension_days.weight, 0) as decimal(5, 4)
        ) as coverage_ratio,
        cast(dimension_days.freshness_days as bigint) as freshness_days
    from scores
    inner join dimension_days
        on
            scores.as_of_date = dimension_days.as_of_date
            and scores.health_score_version = dimension_days.health_score_version
    left join sums
        on
            scores.account_id = sums.account_id
            and scores.as_of_date = sums.as_of_date
            and dimension_days.dimension = sums.dimension
)

select * from final
