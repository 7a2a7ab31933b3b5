-- Adjustments by the product and use case of the invoice line that they correct. What the lines of a note do not explain
-- (discounts of the note, refunds) has no product. Cents are differences of rounded running totals: they add up to the
-- adjustment. Grain: one row an adjustment_id and line_id.
with adjustments as (
    select * from {{ ref('int_invoice_adjustments') }}
    where account_id is not null
),

note_lines as (
    select * from {{ ref('stg_billing__credit_note_lines') }}
),

invoice_lines as (
    select * from {{ ref('int_invoice_lines_classified') }}
),

explained as (
    select
        adjustments.adjustment_id,
        note_lines.billing_credit_note_line_id as line_id,
        invoice_lines.billing_product_id,
        invoice_lines.use_case_id,
        case
            when adjustments.adjustment_minor_units < 0 then -note_lines.amount_minor_units
            else note_lines.amount_minor_units
        end as adjustment_minor_units
    from adjustments
    inner join note_lines
        on adjustments.billing_credit_note_id = note_lines.billing_credit_note_id
    left join invoice_lines
        on note_lines.billing_invoice_line_id = invoice_lines.billing_invoice_line_id
),

explained_totals as (
    select
        adjustment_id,
        sum(adjustment_minor_units) as adjustment_minor_units
    from explained
    group by adjustment_id
),

unioned as (
    select * from explained
    union all
    select
        adjustments.adjustment_id,
        'rest' as line_id,
        cast(null as {{ dbt.type_string() }}) as billing_product_id,
        cast(null as {{ dbt.type_string() }}) as use_case_id,
        adjustments.adjustment_minor_units
        - coalesce(explained_totals.adjustment_minor_units, 0) as adjustment_minor_units
    from adjustments
    left join explained_totals on adjustments.adjustment_id = explained_totals.adjustment_id
    where
        adjustments.adjustment_minor_units
        <> coalesce(explained_totals.adjustment_minor_units, 0)
),

running as (
    select
        *,
        sum(adjustment_minor_units) over (
            partition by adjustment_id order by line_id
            rows between unbounded preceding and current row
        ) as running_minor_units
    from unioned
),

valued as (
    select
        running.*,
        adjustments.account_id,
        adjustments.currency,
        adjustments.adjustment_type,
        adjustments.effective_date,
        {{ usd_cents('running.running_minor_units', 'adjustments.usd_cents_per_minor_unit') }}
            as running_cents
    from running
    inner join adjustments on running.adjustment_id = adjustments.adjustment_id
),

final as (
    select
        adjustment_id,
        line_id,
        account_id,
        billing_product_id,
        use_case_id,
        currency,
        adjustment_type,
        cast(adjustment_minor_units as bigint) as adjustment_minor_units,
        running_cents
        - lag(running_cents, 1, 0) over (partition by adjustment_id order by line_id)
            as adjustment_cents,
        effective_date
    from valued
)

select * from final
