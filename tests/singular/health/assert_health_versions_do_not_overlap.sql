-- Exactly one version holds on every day from the first on, so that everybody speaks of the same score. A version that
-- ends in the future without a successor is refused at once, not in the night on which it ends.
{%- set text = dbt.type_string() %}
with versions as (
    select * from {{ ref('health_score_versions') }}
),

checked as (
    select
        health_score_version,
        case
            when effective_from_date is null and effective_to_date is not null
                then 'it ends and never begins: fill in both effective dates or none'
            when effective_to_date <= effective_from_date
                then 'its effective_to_date must be after its effective_from_date'
            when minimum_coverage_ratio < 0 or minimum_coverage_ratio > 1
                then 'minimum_coverage_ratio must lie between 0 and 1: 0.50 wants half'
            when band_confirm_days < 1 then 'band_confirm_days must be at least 1'
        end as rule
    from versions
),

overlapping as (
    select
        earlier.health_score_version,
        concat(
            'it and ', later.health_score_version, ' both hold on ',
            cast(later.effective_from_date as {{ text }}), ': let it end on that day'
        ) as rule
    from versions as earlier
    inner join versions as later
        on
            earlier.health_score_version <> later.health_score_version
            and earlier.effective_from_date <= later.effective_from_date
            and coalesce(earlier.effective_to_date > later.effective_from_date, true)
    -- Two that begin on one day are one problem.
    where
        earlier.effective_from_date < later.effective_from_date
        or earlier.health_score_version < later.health_score_version
),

without_successor as (
    select
        ending.health_score_version,
        concat(
            'no version holds from ', cast(ending.effective_to_date as {{ text }}),
            ' on: begin another on that day, or leave its effective_to_date empty'
        ) as rule
    from versions as ending
    left join versions as following
        on
            ending.effective_to_date >= following.effective_from_date
            and coalesce(ending.effective_to_date < following.effective_to_date, true)
    where
        ending.effective_to_date is not null
        and ending.effective_from_date is not null
        and following.health_score_version is null
),

problems as (
    select * from checked
    union all
    select * from overlapping
    union all
    select * from without_successor
)

select
    concat(
        'Version ', health_score_version, ' of seeds/health_score_versions.csv: ', rule, '.'
    ) as problem
from problems
where rule is not null
union all
select 'No version of seeds/health_score_versions.csv ever holds: give one an effective_from_date.'
from versions
having count(effective_from_date) = 0
