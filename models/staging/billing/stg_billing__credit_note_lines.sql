-- Lines of Stripe credit notes, newest version known at the clock: what a note gives back for a line of its invoice.
-- Grain: one row a billing_credit_note_line_id.
with source as (
    select * from {{ newest_version('billing', 'credit_notes', key='id') }}
),

exploded as (
    select
        id,
        {{ json_elements('lines', 'data') }} as line
    from source
    where lines is not null
),

renamed as (
    select
        ---------- ids
        {{ json_text('line', 'id') }} as billing_credit_note_line_id,
        id as billing_credit_note_id,
        {{ json_text('line', 'invoice_line_item') }} as billing_invoice_line_id,

        ---------- numbers
        cast({{ json_text('line', 'amount') }} as bigint) as amount_minor_units
    from exploded
)

select * from renamed
