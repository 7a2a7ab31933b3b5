-- A mistake in the seeds must not look like a score: weights of a version sum to 100, every component has a curve, every
-- measure that a component or segment rule names exists, and the bands of a version cover 0 to 100 without gap or overlap.
with weights as (
    select
        concat(
            'weights of ',
            health_score_version,
            ' sum to ',
            cast(sum(weight) as {{ dbt.type_string() }})
        ) as problem
    from {{ ref('health_components') }}
    group by health_score_version
    having sum(weight) <> 100
),

curves as (
    select
        concat(
            'no curve for ', components.health_score_version, ' ', components.component
        ) as problem
    from {{ ref('health_components') }} as components
    left join {{ ref('health_curves') }} as curves
        on
            components.health_score_version = curves.health_score_version
            and components.component = curves.component
    where curves.component is null
),

measures as (
    select measure from {{ ref('health_components') }}
    union all
    select measure from {{ ref('segment_rules') }}
),

unknown_measures as (
    select concat('no such measure: ', measure) as problem
    from measures
    where
        measure not in (
            {%- for measure in account_measures() %}
            '{{ measure }}'{% if not loop.last %},{% endif %}
            {%- endfor %}
        )
),

edges as (
    select
        health_score_version,
        lower_score,
        upper_score,
        lag(upper_score, 1, 0) over (
            partition by health_score_version
            order by lower_score
        ) as previous_edge,
        max(upper_score) over (partition by health_score_version) as highest_edge
    from {{ ref('health_bands') }}
),

bands as (
    select concat('bands of ', health_score_version, ' do not cover 0 to 100 once') as problem
    from edges
    where lower_score <> previous_edge or highest_edge <> 100
),

versions as (
    select concat('versions overlap from ', later.health_score_version) as problem
    from {{ ref('health_score_versions') }} as earlier
    inner join {{ ref('health_score_versions') }} as later
        on
            earlier.health_score_version <> later.health_score_version
            and earlier.effective_from_date <= later.effective_from_date
            and (
                earlier.effective_to_date > later.effective_from_date
                or earlier.effective_to_date is null
            )
)

select problem from weights
union all
select problem from curves
union all
select problem from unknown_measures
union all
select problem from bands
union all
select problem from versions
