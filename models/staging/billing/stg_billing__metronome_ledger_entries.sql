-- Ledgers of Metronome's commits and credits, in the newest version known at the clock. Entries have no id: theirs is made of
-- what they say, counted where two say the same. A deduction is dated at the end of its period: until that day has come
-- its invoice is a draft and may change. Grain: one row a credit_entry_id.
with source as (
    select * from {{ newest_version('billing', 'metronome_balances', key='id') }}
),

entries as (
    select
        id as credit_grant_id,
        _drop_date as reported_date,
        {{ json_elements('ledger') }} as entry
    from source
),

parsed as (
    select
        credit_grant_id,
        reported_date,
        {{ json_text('entry', 'type') }} as vendor_entry_type,
        {{ json_text('entry', 'segment_id') }} as segment_id,
        {{ json_text('entry', 'invoice_id') }} as billing_invoice_id,
        cast({{ json_text('entry', 'amount') }} as decimal(24, 6)) as signed_amount,
        cast({{ json_text('entry', 'timestamp') }} as timestamp) as effective_at
    from entries
),

numbered as (
    select
        *,
        row_number() over (
            partition by
                credit_grant_id,
                vendor_entry_type,
                segment_id,
                billing_invoice_id,
                signed_amount,
                effective_at
            order by reported_date
        ) as repetition
    from parsed
),

renamed as (
    select
        ---------- ids
        {{ surrogate_key([
            'credit_grant_id', 'vendor_entry_type', 'segment_id', 'billing_invoice_id',
            'signed_amount', 'effective_at', 'repetition',
        ]) }} as credit_entry_id,
        credit_grant_id,
        billing_invoice_id,

        ---------- strings
        vendor_entry_type,
        case when cast(effective_at as date) > reported_date then 'pending' else 'committed' end
            as entry_status,

        ---------- numbers
        signed_amount,

        ---------- timestamps
        effective_at
    from numbered
)

select * from renamed
