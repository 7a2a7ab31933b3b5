-- The measures that some score component names, one below the other, with how much of its window is known, and what
-- chooses the curve of an account. A day whose measures are withheld has none.
-- Grain: one row an account_id, as_of_date and measure.
{{ config(materialized='view') }}
with account_measures as (
    select * from {{ ref('int_account_measures') }}
    where measured_on_date is not null
),

account_segments as (
    select * from {{ ref('int_account_segment_days') }}
),

scored_measures as (
    select distinct
        measure,
        window_days
    from {{ ref('int_health_components') }}
),

final as (
    select
        account_measures.account_id,
        account_measures.as_of_date,
        account_segments.segment,
        coalesce(account_measures.account_age_days, 0) as account_age_days,
        scored_measures.measure,
        case scored_measures.measure
            {%- for measure in account_measures() %}
            when '{{ measure }}' then {{ measure_number('account_measures.' ~ measure) }}
            {%- endfor %}
        end as measure_value,
        -- A window longer than the life of the account can know no more days than that. A state is known or not.
        cast(
            case scored_measures.window_days
                {%- for window_days in [7, 28, 90] %}
                when {{ window_days }}
                    then
                        cast(account_measures.known_days_{{ window_days }}d_count as double)
                        / least(
                            {{ window_days }}, coalesce(account_measures.account_age_days, 0) + 1
                        )
                {%- endfor %}
                else 1
            end as decimal(5, 4)
        ) as coverage_ratio
    from account_measures
    inner join account_segments
        on
            account_measures.account_id = account_segments.account_id
            and account_measures.as_of_date = account_segments.as_of_date
    cross join scored_measures
)

select * from final
