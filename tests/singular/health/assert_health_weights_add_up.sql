-- Weights that do not sum to 100 would make the scores of a version mean something else than those of all others, and a
-- version without components would withhold every score without a word.
with versions as (
    select * from {{ ref('health_score_versions') }}
),

components as (
    select * from {{ ref('health_components') }}
),

sums as (
    select
        health_score_version,
        sum(weight) as total_weight
    from components
    group by health_score_version
),

wrong_sums as (
    select
        concat(
            'The weights of version ', health_score_version,
            ' in seeds/health_components.csv sum to ',
            cast(total_weight as {{ dbt.type_string() }}),
            ': change them so that they sum to 100.'
        ) as problem
    from sums
    where total_weight <> 100
),

weightless as (
    select
        concat(
            'The component ', component, ' of version ', health_score_version,
            ' in seeds/health_components.csv has the weight ',
            cast(weight as {{ dbt.type_string() }}),
            ': give it one above 0, or remove the component and its curve.'
        ) as problem
    from components
    where weight <= 0
),

without_components as (
    select
        concat(
            'Version ', versions.health_score_version,
            ' of seeds/health_score_versions.csv has no components: ',
            'add them to seeds/health_components.csv, or remove the version.'
        ) as problem
    from versions
    left join sums
        on versions.health_score_version = sums.health_score_version
    where sums.health_score_version is null
)

select problem from wrong_sums
union all
select problem from weightless
union all
select problem from without_components
