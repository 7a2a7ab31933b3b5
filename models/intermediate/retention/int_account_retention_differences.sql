{{ config(materialized='view') }}

-- How two definitions of retention count each account, and why not alike. Steps 1 to 4 take accounts out of the first
-- definition, step 5 counts those that both know by the second, steps 6 to 9 add those that only the second knows. An
-- account that was lost and won back leaves and joins where the methods differ.
-- Grain: one row an account_id, month_start_date, first_definition, second_definition and step_number.
with contributions as (
    select * from {{ ref('int_account_retention_contributions') }}
),

pairs as (
    select * from {{ ref('int_retention_pairs') }}
),

sides as (
    {%- for side, other in [('first', 'second'), ('second', 'first')] %}
    select
        pairs.month_start_date,
        pairs.first_definition,
        pairs.second_definition,
        pairs.shared_reason,
        pairs.has_other_method,
        pairs.{{ other }}_cohort_month_date as other_cohort_month_date,
        '{{ side }}' as counted_by,
        contributions.account_id,
        contributions.revenue_basis,
        contributions.start_amount,
        contributions.end_amount,
        contributions.is_reactivated
    from pairs
    inner join contributions
        on
            pairs.month_start_date = contributions.month_start_date
            and pairs.{{ side }}_definition = contributions.definition
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

paired as (
    select
        *,
        count(*) over (
            partition by account_id, month_start_date, first_definition, second_definition
        ) as sides_count,
        max(case when is_reactivated then 1 else 0 end) over (
            partition by account_id, month_start_date, first_definition, second_definition
        ) as reactivations_count
    from sides
),

explained as (
    select
        paired.*,
        case
            when
                paired.sides_count = 2
                and paired.has_other_method
                and paired.reactivations_count > 0
                then 4
            when paired.sides_count = 2 then 5
            when paired.start_amount = 0 then 1
            when coalesce(others.amount, 0) <= 0 then 2
            else 3
        end as leaving_step_number
    from paired
    left join {{ ref('int_account_retention_amounts') }} as others
        on
            paired.account_id = others.account_id
            and paired.revenue_basis = others.revenue_basis
            and paired.other_cohort_month_date = others.month_start_date
),

stepped as (
    select
        *,
        -- Who leaves last joins first; step 5 is its own mirror.
        case
            when counted_by = 'first' then leaving_step_number else 10 - leaving_step_number
        end as step_number
    from explained
),

final as (
    select
        account_id,
        month_start_date,
        first_definition,
        second_definition,
        step_number,
        case max(leaving_step_number)
            when 1 then 'joined_in_window'
            when 2 then 'window'
            when 3 then 'basis'
            when 4 then 'reactivation'
            else max(shared_reason)
        end as reason,
        sum(case when counted_by = 'first' then start_amount else 0 end) as first_start_amount,
        sum(case when counted_by = 'first' then end_amount else 0 end) as first_end_amount,
        sum(case when counted_by = 'second' then start_amount else 0 end) as second_start_amount,
        sum(case when counted_by = 'second' then end_amount else 0 end) as second_end_amount
    from stepped
    group by account_id, month_start_date, first_definition, second_definition, step_number
)

select * from final
