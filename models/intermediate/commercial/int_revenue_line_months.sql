-- Invoice lines by what became of them (to pay, drawn from commits, from promotional credits, discounted) and by month of
-- their service period. Shares are differences of rounded running totals: the months of a line add up to the line, in minor
-- units and in cents. Months to come hold what is billed in advance.
-- Grain: one row a billing_invoice_line_id, revenue_part and month_start_date.
{%- set parts = {
    'committed': ['committed_minor_units', 'committed_cents'],
    'promotional': ['promotional_minor_units', 'promotional_cents'],
    'discounts': ['-discount_minor_units', '-discount_cents'],
} %}
with invoice_lines as (
    select * from {{ ref('int_invoice_lines_classified') }}
    where account_id is not null
),

line_months as (
    select * from {{ ref('int_invoice_line_months') }}
),

parts as (
    select
        billing_invoice_line_id,
        case when revenue_bucket = 'other' then 'one_time' else revenue_bucket end as revenue_part,
        billed_minor_units - committed_minor_units - promotional_minor_units
            as amount_minor_units,
        billed_cents - credited_cents as amount_cents
    from invoice_lines
    {%- for part, amounts in parts.items() %}
    union all
    select
        billing_invoice_line_id,
        '{{ part }}' as revenue_part,
        {{ amounts[0] }} as amount_minor_units,
        {{ amounts[1] }} as amount_cents
    from invoice_lines
    {%- endfor %}
),

rounded as (
    select
        parts.billing_invoice_line_id,
        parts.revenue_part,
        line_months.month_start_date,
        {{ rounded_share(
            'parts.amount_minor_units', 'line_months.elapsed_days', 'line_months.service_days'
        ) }} as running_minor_units,
        {{ rounded_share(
            'parts.amount_cents', 'line_months.elapsed_days', 'line_months.service_days'
        ) }} as running_cents
    from parts
    inner join line_months
        on parts.billing_invoice_line_id = line_months.billing_invoice_line_id
    where parts.amount_minor_units <> 0
),

final as (
    select
        invoice_lines.billing_invoice_line_id,
        invoice_lines.account_id,
        invoice_lines.billing_product_id,
        invoice_lines.use_case_id,
        invoice_lines.currency,
        rounded.revenue_part,
        {%- for unit in ['minor_units', 'cents'] %}
        rounded.running_{{ unit }} - lag(rounded.running_{{ unit }}, 1, 0) over (
            partition by rounded.billing_invoice_line_id, rounded.revenue_part
            order by rounded.month_start_date
        ) as amount_{{ unit }},
        {%- endfor %}
        invoice_lines.revenue_bucket = 'metered' as is_metered,
        rounded.month_start_date
    from rounded
    inner join invoice_lines
        on rounded.billing_invoice_line_id = invoice_lines.billing_invoice_line_id
)

select * from final
