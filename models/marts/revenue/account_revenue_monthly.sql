-- What was booked for accounts, by month, product, use case and team: in minor units of the currency and in dollars.
-- Grain: one row an account_id, month_start_date, billing_product_id, use_case_id, workspace_id and currency.
{%- set parts = [
    'recurring', 'one_time', 'metered', 'committed', 'promotional', 'discounts', 'credit_notes', 'refunds', 'taxes',
] %}
{%- set revenue_parts = "'recurring', 'one_time', 'metered', 'discounts', 'credit_notes', 'refunds'" %}
with booked as (
    select * from {{ ref('int_revenue_allotted_to_teams') }}
    union all
    select
        account_id,
        currency,
        billing_product_id,
        use_case_id,
        cast(null as {{ dbt.type_string() }}) as workspace_id,
        'mrr' as revenue_part,
        month_start_date,
        0 as amount_minor_units,
        mrr_cents as amount_cents
    from {{ ref('int_product_mrr_monthly') }}
),

commit_months as (
    select * from {{ ref('int_account_commit_months') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

products as (
    select * from {{ ref('stg_billing__products') }}
),

teams as (
    select * from {{ ref('stg_product__groups') }}
    where group_type = 'workspace'
),

clock as (
    select as_of_date from {{ ref('util_as_of') }}
),

pivoted as (
    select
        account_id,
        month_start_date,
        billing_product_id,
        use_case_id,
        workspace_id,
        currency,
        {%- for unit in ['minor_units', 'cents'] %}
        {%- for part in parts %}
        sum(case when revenue_part = '{{ part }}' then amount_{{ unit }} else 0 end)
            as {{ part }}_{{ unit }},
        {%- endfor %}
        sum(case when revenue_part in ({{ revenue_parts }}) then amount_{{ unit }} else 0 end)
            as revenue_{{ unit }},
        {%- endfor %}
        sum(case when revenue_part = 'mrr' then amount_cents else 0 end) as mrr_cents
    from booked
    group by account_id, month_start_date, billing_product_id, use_case_id, workspace_id, currency
),

final as (
    select
        ---------- keys
        pivoted.account_id,
        pivoted.month_start_date,
        pivoted.billing_product_id,
        pivoted.use_case_id,
        pivoted.workspace_id,
        pivoted.currency,

        ---------- strings
        accounts.account_name,
        products.product_name,
        teams.group_name as team_name,
        case when pivoted.workspace_id is not null then 'measured_use' else 'none' end
            as team_allotment,
        case
            when pivoted.month_start_date > clock.as_of_date then 'deferred'
            when
                {{ dbt.dateadd(
                    'day',
                    var('revenue_close_days'),
                    dbt.last_day('pivoted.month_start_date', 'month')
                ) }} <= clock.as_of_date then 'closed'
            else 'open'
        end as month_state,

        ---------- numbers
        {%- for part in parts + ['revenue'] %}
        cast(pivoted.{{ part }}_minor_units as bigint) as {{ part }}_minor_units,
        {{ usd_from_cents('pivoted.' ~ part ~ '_cents') }} as {{ part }}_usd,
        {%- endfor %}
        cast(
            case when commit_months.account_id is not null then pivoted.metered_minor_units else 0 end
            as bigint
        ) as overage_minor_units,
        {{ usd_from_cents(
            'case when commit_months.account_id is not null then pivoted.metered_cents else 0 end'
        ) }} as overage_usd,
        {{ usd_from_cents('pivoted.mrr_cents') }} as mrr_usd
    from pivoted
    cross join clock
    inner join accounts on pivoted.account_id = accounts.account_id
    left join products on pivoted.billing_product_id = products.billing_product_id
    left join teams on pivoted.workspace_id = teams.product_group_id
    left join commit_months
        on
            pivoted.account_id = commit_months.account_id
            and pivoted.month_start_date = commit_months.month_start_date
)

select * from final
