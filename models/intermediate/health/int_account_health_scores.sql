-- Score of each account and day before bands, with its coverage, the score of each dimension and the components that
-- took and gave most. A score speaks of the risk of losing a customer: without a subscription there is none to lose,
-- and it is withheld. Grain: one row an account_id and as_of_date, also where nothing could be scored.
{% set dimensions = ['usage', 'adoption', 'commercial', 'support', 'relationship'] %}
with measures as (
    select * from {{ ref('int_account_measures') }}
),

contributions as (
    select * from {{ ref('int_health_contributions') }}
),

score_days as (
    select * from {{ ref('int_score_days') }}
),

versions as (
    select * from {{ ref('health_score_versions') }}
),

components as (
    select
        health_score_version,
        component,
        -- Breaks ties between drivers of equal size the same way every night.
        row_number() over (partition by health_score_version order by component) as tie_breaker,
        sum(weight) over (partition by health_score_version) as total_weight
    from {{ ref('health_components') }}
),

scored as (
    select
        contributions.account_id,
        contributions.as_of_date,
        cast(sum(contributions.contribution_micropoints) as bigint) as score_micropoints,
        cast(sum(contributions.weight) as double)
        / nullif(max(components.total_weight), 0) as coverage_ratio,
        {%- for dimension in dimensions %}
        cast(
            sum(
                case
                    when contributions.dimension = '{{ dimension }}'
                        then contributions.points_micropoints * contributions.weight
                end
            )
            / nullif(
                sum(
                    case
                        when contributions.dimension = '{{ dimension }}'
                            then 1000000.0 * contributions.weight
                    end
                ),
                0
            ) as decimal(5, 2)
        ) as {{ dimension }}_score,
        {%- endfor %}
        max_by(
            contributions.component,
            contributions.lost_micropoints * 100 - components.tie_breaker
        ) as worst_component,
        max_by(
            contributions.component,
            contributions.contribution_micropoints * 100 - components.tie_breaker
        ) as best_component
    from contributions
    inner join components
        on
            contributions.health_score_version = components.health_score_version
            and contributions.component = components.component
    group by contributions.account_id, contributions.as_of_date
),

final as (
    select
        measures.account_id,
        measures.as_of_date,
        versions.health_score_version,
        scored.worst_component,
        scored.best_component,
        {%- for dimension in dimensions %}
        scored.{{ dimension }}_score,
        {%- endfor %}
        coalesce(measures.days_since_subscription_end >= 0, false) as is_churned,
        case
            when measures.days_since_subscription_end >= 0 then null
            when scored.coverage_ratio >= versions.minimum_coverage_ratio
                then scored.score_micropoints
        end as score_micropoints,
        cast(coalesce(scored.coverage_ratio, 0) as decimal(5, 4)) as coverage_ratio,
        measures.measured_on_date
    from measures
    inner join score_days
        on measures.as_of_date = score_days.as_of_date
    inner join versions
        on score_days.health_score_version = versions.health_score_version
    left join scored
        on
            measures.account_id = scored.account_id
            and measures.as_of_date = scored.as_of_date
)

select * from final
