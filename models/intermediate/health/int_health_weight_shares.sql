-- How weights are shared out over the components that are there, of the whole score or of their dimension first, as the version
-- says: a component adds its points times weight * share_numerator / share_denominator. Of millions of days few differ in
-- what is there, so it is reckoned once for each such set.
-- Grain: one row a health_score_version, present_bits and dimension that has a component in the set.
with present as (
    select distinct
        health_score_version,
        present_bits
    from {{ ref('int_health_present_components') }}
),

components as (
    select distinct
        health_score_version,
        component,
        dimension,
        component_bit,
        weight,
        dimension_weight,
        renormalized_within
    from {{ ref('int_health_components') }}
),

dimensions as (
    select
        present.health_score_version,
        present.present_bits,
        components.dimension,
        sum(components.weight) as present_weight,
        max(components.dimension_weight) as dimension_weight,
        max(components.renormalized_within) as renormalized_within
    from present
    inner join components
        on
            present.health_score_version = components.health_score_version
            and mod({{ floor_divide('present.present_bits', 'components.component_bit') }}, 2) = 1
    group by present.health_score_version, present.present_bits, components.dimension
),

final as (
    select
        health_score_version,
        present_bits,
        dimension,
        cast(
            case renormalized_within when 'dimension' then dimension_weight else 1 end as bigint
        ) as share_numerator,
        cast(
            case renormalized_within
                when 'dimension'
                    then
                        present_weight * sum(dimension_weight) over (
                            partition by health_score_version, present_bits
                        )
                else sum(present_weight) over (partition by health_score_version, present_bits)
            end as bigint
        ) as share_denominator
    from dimensions
)

select * from final
