-- Why any two definitions of retention differ for the company: from the ratio of the first to that of the second in a fixed
-- order of steps, each with the accounts and amounts it moves. Effects add up to the difference without a rest.
-- Grain: one row a month_start_date, first_definition, second_definition and step_number.
{%- set pair = 'month_start_date, first_definition, second_definition' %}

with steps as (
    select * from {{ ref('int_retention_steps') }}
),

numbered as (
    select
        *,
        count(measured_micropoints) over (
            partition by {{ pair }} order by step_number
            rows between unbounded preceding and current row
        ) as stretch
    from steps
),

-- A step that leaves nobody to divide by has no effect: the ratio stays, and the next step takes it from there.
carried as (
    select
        *,
        coalesce(
            max(measured_micropoints) over (partition by {{ pair }}, stretch), first_micropoints
        ) as micropoints_after
    from numbered
),

compared as (
    select
        *,
        lag(micropoints_after, 1, first_micropoints) over (
            partition by {{ pair }} order by step_number
        ) as micropoints_before
    from carried
),

final as (
    select
        month_start_date,
        first_definition,
        second_definition,
        cast(step_number as bigint) as step_number,
        reason,
        case
            when step_number < 5 then 'first' when step_number = 5 then 'both' else 'second'
        end as counted_by,
        accounts_count,
        first_start_amount,
        first_end_amount,
        second_start_amount,
        second_end_amount,
        micropoints_before,
        micropoints_after,
        micropoints_after - micropoints_before as effect_micropoints
    from compared
)

select * from final
