-- What the components of an account add up to on each day: the computed score, its coverage, the score of each dimension
-- and the components that took and gave most.
-- Grain: one row an account_id, as_of_date and health_score_version of which any component earns points.
with contributions as (
    select * from {{ ref('int_health_contributions') }}
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

final as (
    select
        contributions.account_id,
        contributions.as_of_date,
        contributions.health_score_version,
        cast(sum(contributions.contribution_micropoints) as bigint) as computed_micropoints,
        -- What a component earns for want of a measure is no knowledge.
        cast(
            cast(
                sum(
                    case
                        when contributions.measure_value is not null then contributions.weight
                        else 0
                    end
                ) as double
            )
            / max(components.total_weight) as decimal(5, 4)
        ) as coverage_ratio,
        {%- for dimension in health_dimensions() %}
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
    group by
        contributions.account_id,
        contributions.as_of_date,
        contributions.health_score_version
)

select * from final
