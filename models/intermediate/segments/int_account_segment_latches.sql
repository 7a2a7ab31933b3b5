-- Segments that an account is in by its measures, on days with measures of their own: since it entered them, for as long
-- as their rules hold, which lasts up to the hold threshold. Several at a time; priority decides later.
-- Grain: one row an account_id, as_of_date and segment.
with account_measures as (
    select
        *,
        row_number() over (partition by account_id order by as_of_date) as day_number
    from {{ ref('int_account_measures') }}
    where measured_on_date = as_of_date
),

rules as (
    select
        *,
        count(*) over (partition by segment, alternative) as rules_count
    from {{ ref('segment_rules') }}
),

tested as (
    select
        account_measures.account_id,
        account_measures.as_of_date,
        account_measures.day_number,
        rules.segment,
        rules.alternative,
        rules.rules_count,
        rules.comparison,
        rules.threshold,
        rules.hold_threshold,
        case rules.measure
            {%- for measure in account_measures() %}
            when '{{ measure }}' then {{ measure_number('account_measures.' ~ measure) }}
            {%- endfor %}
        end as measure_value
    from account_measures
    cross join rules
),

-- A missing measure says nothing: it lets nobody in, and where there is hysteresis it lets nobody out. Rules that do not even
-- hold are left out before anything is grouped.
holding as (
    select
        account_id,
        as_of_date,
        day_number,
        segment,
        alternative,
        rules_count,
        case when {{ rule_holds('comparison', 'measure_value', 'threshold') }} then 1 else 0 end
            as entered_count
    from tested
    where
        {{ rule_holds('comparison', 'measure_value', 'coalesce(hold_threshold, threshold)') }}
        or (hold_threshold is not null and measure_value is null)
),

held as (
    select
        account_id,
        as_of_date,
        segment,
        max(day_number) as day_number,
        sum(entered_count) = max(rules_count) as is_entered
    from holding
    group by account_id, as_of_date, segment, alternative
    having count(*) = max(rules_count)
),

held_days as (
    select
        account_id,
        as_of_date,
        segment,
        max(case when is_entered then 1 else 0 end) as is_entered,
        max(day_number) - row_number() over (
            partition by account_id, segment order by as_of_date asc nulls last
        ) as island
    from held
    group by account_id, as_of_date, segment
),

latched as (
    select
        *,
        max(is_entered) over (
            partition by account_id, segment, island
            order by as_of_date
            rows between unbounded preceding and current row
        ) as is_in
    from held_days
),

final as (
    select
        account_id,
        as_of_date,
        segment,
        is_entered = 1 as is_entered
    from latched
    where is_in = 1
)

select * from final
