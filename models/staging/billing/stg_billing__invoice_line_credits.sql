-- Credits that paid for an invoice line before tax, in minor units (positive).
-- Grain: one row a billing_invoice_line_id and credit_number.
with invoice_lines as (
    select * from {{ ref('stg_billing__invoice_lines') }}
),

exploded as (
    select
        billing_invoice_line_id,
        {{ json_elements('credits_json') }} as credit
    from invoice_lines
    where credits_json is not null
),

typed as (
    select
        billing_invoice_line_id,
        {{ json_text('credit', 'type') }} as credit_type,
        {{ json_text('credit', 'credit_balance_transaction') }} as credit_balance_transaction_id,
        cast({{ json_text('credit', 'amount') }} as bigint) as credited_minor_units
    from exploded
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
