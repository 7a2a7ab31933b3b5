-- Retention under every definition, side by side: for the company, and by segment, plan, cohort, owner and size. The values
-- of each cut add up to the company.
-- Grain: one row a month_start_date, definition, cut_type and cut_value.
with retention_months as (
    select * from {{ ref('int_retention_months') }}
),

account_retention as (
    select * from {{ ref('account_retention_monthly') }}
),

cuts as (
    select *, 'company' as cut_type, 'company' as cut_value from account_retention
    {%- for cut_type, column in [
        ('segment', 'segment'), ('plan', 'plan'), ('cohort', 'cohort_quarter'),
        ('owner', 'owner_crm_user_id'), ('size', 'size_tier'),
    ] %}
    union all
    select *, '{{ cut_type }}' as cut_type, {{ column }} as cut_value from account_retention
    {%- endfor %}
),

totals as (
    select
        month_start_date,
        definition,
        cut_type,
        cut_value,
        cast(sum(start_amount) as bigint) as start_amount,
        cast(sum(end_amount) as bigint) as end_amount,
        count(case when start_amount > 0 then 1 end) as cohort_accounts_count,
        count(case when is_retained then 1 end) as retained_accounts_count
    from cuts
    group by month_start_date, definition, cut_type, cut_value
),

-- The company has a row for every month and definition, also where nothing is known or nobody was there.
stated as (
    select
        retention_months.*,
        coalesce(totals.cut_type, 'company') as cut_type,
        coalesce(totals.cut_value, 'company') as cut_value,
        {%- for column in [
            'start_amount', 'end_amount', 'cohort_accounts_count', 'retained_accounts_count',
        ] %}
        case when retention_months.is_known then coalesce(totals.{{ column }}, 0) end as {{ column }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from retention_months
    left join totals
        on
            retention_months.month_start_date = totals.month_start_date
            and retention_months.definition = totals.definition
),

measured as (
    select
        *,
        {{ floor_divide(wide('end_amount') ~ ' * 1000000', 'start_amount') }}
            as retention_micropoints
    from stated
),

final as (
    select
        month_start_date,
        definition,
        cut_type,
        cut_value,
        retention_name,
        retention_kind,
        revenue_basis,
        amount_unit,
        start_amount,
        end_amount,
        retention_micropoints,
        cast(retention_micropoints * 0.000001 as decimal(18, 6)) as retention_ratio,
        {%- for edge in ['start', 'end'] %}
        case when amount_unit = 'cents' then {{ usd_from_cents(edge ~ '_amount') }} end
            as {{ edge }}_usd,
        {%- endfor %}
        cohort_accounts_count,
        retained_accounts_count,
        is_known,
        cohort_month_date
    from measured
)

select * from final
