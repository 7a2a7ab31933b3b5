-- Steps from the ratio of one definition of retention to that of another for the company, with what each step moves and the
-- ratio behind it; null where a step leaves nobody to divide by.
-- Grain: one row a month_start_date, first_definition, second_definition and step_number.
{%- set pair = 'month_start_date, first_definition, second_definition' %}

with differences as (
    select * from {{ ref('int_account_retention_differences') }}
),

steps as (
    select
        {{ pair }},
        step_number,
        reason,
        count(*) as accounts_count,
        {%- for column in [
            'first_start_amount', 'first_end_amount', 'second_start_amount', 'second_end_amount',
        ] %}
        cast(sum({{ column }}) as bigint) as {{ column }}{% if not loop.last %},{% endif %}
        {%- endfor %}
    from differences
    group by {{ pair }}, step_number, reason
),

-- Up to step 4 what is left of the first definition; from step 5 on what is there of the second.
running as (
    select
        *,
        {%- for edge in ['start', 'end'] %}
        sum(first_{{ edge }}_amount) over (partition by {{ pair }}) as all_first_{{ edge }}_amount,
        sum(second_{{ edge }}_amount) over (partition by {{ pair }}) as all_second_{{ edge }}_amount,
        case
            when step_number < 5
                then sum(first_{{ edge }}_amount) over (
                    partition by {{ pair }} order by step_number desc
                    rows between unbounded preceding and current row
                ) - first_{{ edge }}_amount
            else sum(second_{{ edge }}_amount) over (
                partition by {{ pair }} order by step_number
                rows between unbounded preceding and current row
            )
        end as {{ edge }}_amount_after{% if not loop.last %},{% endif %}
        {%- endfor %}
    from steps
),

final as (
    select
        *,
        {{ floor_divide(wide('all_first_end_amount') ~ ' * 1000000', 'all_first_start_amount') }}
            as first_micropoints,
        {{ floor_divide(wide('end_amount_after') ~ ' * 1000000', 'start_amount_after') }}
            as measured_micropoints
    from running
    -- A definition without anybody at its start has no ratio to explain.
    where all_first_start_amount <> 0 and all_second_start_amount <> 0
)

select * from final
