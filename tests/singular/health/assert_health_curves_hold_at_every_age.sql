-- The curves of a component must follow each other from the first day of an account to forever: in a gap the component
-- would drop out, and where two overlap an account would earn its points twice.
with curves as (
    select
        health_score_version,
        component,
        coalesce(segment, '') as curve_segment,
        coalesce(account_age_from_days, 0) as age_from_days,
        account_age_to_days as age_to_days
    from {{ ref('health_curves') }}
),

ages as (
    select
        health_score_version,
        component,
        curve_segment,
        age_from_days,
        max(age_to_days) as age_to_days,
        count(distinct coalesce(age_to_days, -1)) as ends_count
    from curves
    group by health_score_version, component, curve_segment, age_from_days
),

followed as (
    select
        *,
        lag(age_from_days) over (
            partition by health_score_version, component, curve_segment order by age_from_days
        ) as previous_from_days,
        lead(age_from_days) over (
            partition by health_score_version, component, curve_segment order by age_from_days
        ) as next_from_days
    from ages
),

checked as (
    select
        *,
        case
            when ends_count > 1
                then 'its rows differ in account_age_to_days: write the same into each'
            when age_to_days <= age_from_days
                then 'account_age_to_days must be above account_age_from_days'
            when next_from_days is not null and coalesce(age_to_days <> next_from_days, true)
                then concat(
                    'the next begins at ', cast(next_from_days as {{ dbt.type_string() }}),
                    ' days: write that into account_age_to_days'
                )
            when next_from_days is null and age_to_days is not null
                then 'no curve holds for older accounts: leave account_age_to_days empty'
            when previous_from_days is null and age_from_days > 0
                then 'no curve holds for younger ones: leave account_age_from_days empty'
        end as rule
    from followed
)

select
    concat(
        'The curve of ', component, ' of version ', health_score_version,
        case when curve_segment <> '' then concat(' for the segment ', curve_segment) else '' end,
        ' from ', cast(age_from_days as {{ dbt.type_string() }}),
        ' days on in seeds/health_curves.csv: ', rule, '.'
    ) as problem
from checked
where rule is not null
