-- First segment, by priority, that has an alternative all of whose rules hold on the day. A missing measure fulfils no rule; when no segment's
-- rules hold, the one without rules does. Grain: one row an account_id and as_of_date.
with account_measures as (
    select * from {{ ref('int_account_measures') }}
),

segments as (
    select * from {{ ref('segments') }}
),

rules as (
    select
        segment,
        alternative,
        measure,
        comparison,
        threshold,
        count(*) over (partition by segment, alternative) as rules_count
    from {{ ref('segment_rules') }}
),

tested as (
    select
        account_measures.account_id,
        account_measures.as_of_date,
        rules.segment,
        rules.alternative,
        rules.rules_count,
        rules.comparison,
        rules.threshold,
        case rules.measure
            {%- for measure in account_measures() %}
            when '{{ measure }}' then cast(account_measures.{{ measure }} as decimal(18, 6))
            {%- endfor %}
        end as measure_value
    from account_measures
    cross join rules
),

fulfilled as (
    select
        account_id,
        as_of_date,
        segment
    from tested
    group by account_id, as_of_date, segment, alternative
    having
        count(*) filter (
            where (comparison = 'at_least' and measure_value >= threshold)
            or (comparison = 'less_than' and measure_value < threshold)
        ) = max(rules_count)
),

ranked as (
    select
        fulfilled.account_id,
        fulfilled.as_of_date,
        min_by(fulfilled.segment, segments.priority) as segment
    from fulfilled
    inner join segments
        on fulfilled.segment = segments.segment
    group by fulfilled.account_id, fulfilled.as_of_date
),

final as (
    select
        account_measures.account_id,
        account_measures.as_of_date,
        coalesce(ranked.segment, 'unknown') as segment_reading,
        account_measures.measured_on_date
    from account_measures
    left join ranked
        on
            account_measures.account_id = ranked.account_id
            and account_measures.as_of_date = ranked.as_of_date
)

select * from final
