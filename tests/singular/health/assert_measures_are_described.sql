-- A measure without a description cannot be explained to who is judged by it, and one that is described but not computed
-- would silently drop out of every score. So the catalogue and the computed measures are the same, as are the use cases
-- that have measures of their own and the seed that people edit.
with computed_measures as (
    {%- for measure in account_measures() %}
    select '{{ measure }}' as measure
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

described_measures as (
    select * from {{ ref('health_measures') }}
),

measured_use_cases as (
    {%- for use_case_id in use_case_ids() %}
    select '{{ use_case_id }}' as use_case_id
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

use_cases as (
    select * from {{ ref('use_cases') }}
),

undescribed as (
    select
        concat(
            'The measure ',
            computed_measures.measure,
            ' is computed, but nobody says what it is: add a row for it to ',
            'seeds/health_measures.csv.'
        ) as problem
    from computed_measures
    left join described_measures
        on computed_measures.measure = described_measures.measure
    where described_measures.measure is null
),

uncomputed as (
    select
        concat(
            'seeds/health_measures.csv describes ',
            described_measures.measure,
            ', but there is no such measure: correct its name or remove the row.'
        ) as problem
    from described_measures
    left join computed_measures
        on described_measures.measure = computed_measures.measure
    where computed_measures.measure is null
),

unmeasured as (
    select
        concat(
            'The use case ',
            use_cases.use_case_id,
            ' of seeds/use_cases.csv has no measure of its users: add it to ',
            'macros/use_case_ids.sql and describe the measure in seeds/health_measures.csv.'
        ) as problem
    from use_cases
    left join measured_use_cases
        on use_cases.use_case_id = measured_use_cases.use_case_id
    where measured_use_cases.use_case_id is null
),

unused as (
    select
        concat(
            'The use case ',
            measured_use_cases.use_case_id,
            ' has a measure, but seeds/use_cases.csv does not know it: ',
            'take it out of macros/use_case_ids.sql or add its row.'
        ) as problem
    from measured_use_cases
    left join use_cases
        on measured_use_cases.use_case_id = use_cases.use_case_id
    where use_cases.use_case_id is null
)

select problem from undescribed
union all
select problem from uncomputed
union all
select problem from unmeasured
union all
select problem from unused
