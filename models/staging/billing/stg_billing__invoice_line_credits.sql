-- Credits and discounts that lower what an invoice line asks for, before tax, in minor units (positive). Stripe lists
-- discounts among the credits a second time: they are read from their own list.
-- Grain: one row a billing_invoice_line_id and credit_number.
with invoice_lines as (
    select * from {{ ref('stg_billing__invoice_lines') }}
),

credits as (
    select
        billing_invoice_line_id,
        {{ json_elements('credits_json') }} as credit
    from invoice_lines
    where credits_json is not null
),

discounts as (
    select
        billing_invoice_line_id,
        {{ json_elements('discounts_json') }} as discount
    from invoice_lines
    where discounts_json is not null
),

typed as (
    select
        billing_invoice_line_id,
        {{ json_text('credit', 'type') }} as credit_type,
        {{ json_text('credit', 'credit_balance_transaction') }} as credit_balance_transaction_id,
        cast({{ json_text('credit', 'amount') }} as bigint) as credited_minor_units
    from credits
    where coalesce({{ json_text('credit', 'type') }}, '') <> 'discount'
    union all
    select
        billing_invoice_line_id,
        'discount' as credit_type,
        cast(null as {{ dbt.type_string() }}) as credit_balance_transaction_id,
        cast({{ json_text('discount', 'amount') }} as bigint) as credited_minor_units
    from discounts
),

numbered as (
    select
        billing_invoice_line_id,
        row_number() over (
            partition by billing_invoice_line_id
            order by credit_balance_transaction_id asc nulls last, credited_minor_units asc
        ) as credit_number,
        credit_type,
        credit_balance_transaction_id,
        credited_minor_units
    from typed
)

select * from numbered
