-- Booked revenue with its parts side by side, in minor units and in cents, and the MRR of the same products.
-- Grain: one row an account_id, month_start_date, billing_product_id, use_case_id, workspace_id and currency.
{%- set keys = [
    'account_id', 'month_start_date', 'billing_product_id', 'use_case_id', 'workspace_id', 'currency',
] | join(', ') %}
{%- set parts = [
    'recurring', 'one_time', 'metered', 'discounts', 'credit_notes', 'refunds',
    'committed', 'promotional', 'taxes',
] %}
with booked as (
    select
        {{ keys }},
        revenue_part,
        amount_minor_units,
        amount_cents,
        0 as mrr_cents
    from {{ ref('int_revenue_allotted_to_teams') }}
    union all
    select
        account_id,
        month_start_date,
        billing_product_id,
        use_case_id,
        cast(null as {{ dbt.type_string() }}) as workspace_id,
        currency,
        'mrr' as revenue_part,
        0 as amount_minor_units,
        0 as amount_cents,
        mrr_cents
    from {{ ref('int_product_mrr_monthly') }}
),

commit_months as (
    select * from {{ ref('int_account_commit_months') }}
),

teams as (
    select * from {{ ref('stg_product__groups') }}
    where group_type = 'workspace'
),

pivoted as (
    select
        {{ keys }},
        {%- for unit in ['minor_units', 'cents'] %}
        {%- for part in parts %}
        cast(
            sum(case when revenue_part = '{{ part }}' then amount_{{ unit }} else 0 end) as bigint
        ) as {{ part }}_{{ unit }},
        {%- endfor %}
        cast(sum(
            case
                when revenue_part in ('committed', 'promotional', 'taxes') then 0
                else amount_{{ unit }}
            end
        ) as bigint) as revenue_{{ unit }},
        {%- endfor %}
        cast(sum(mrr_cents) as bigint) as mrr_cents
    from booked
    group by {{ keys }}
),

final as (
    select
        pivoted.*,
        {%- for unit in ['minor_units', 'cents'] %}
        case when commit_months.account_id is not null then pivoted.metered_{{ unit }} else 0 end
            as overage_{{ unit }},
        {%- endfor %}
        teams.group_name as team_name
    from pivoted
    left join commit_months
        on
            pivoted.account_id = commit_months.account_id
            and pivoted.month_start_date = commit_months.month_start_date
    left join teams on pivoted.workspace_id = teams.product_group_id
)

select * from final
