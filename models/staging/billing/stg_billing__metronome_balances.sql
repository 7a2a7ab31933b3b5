-- Commits and credits of Metronome, newest version known at the clock. Their term is that of all access segments together.
-- Grain: one row a credit_grant_id.
with source as (
    select * from {{ newest_version('billing', 'metronome_balances', key='id') }}
),

segments as (
    select
        id,
        {{ json_elements('access_schedule', 'schedule_items') }} as segment
    from source
),

terms as (
    select
        id,
        min(cast({{ json_text('segment', 'starting_at') }} as timestamp)) as effective_at,
        max(cast({{ json_text('segment', 'ending_before') }} as timestamp)) as expires_at
    from segments
    group by id
),

renamed as (
    select
        ---------- ids
        source.id as credit_grant_id,
        coalesce(
            {{ json_text('source.custom_fields', 'external_customer_id') }}, source.customer_id
        ) as customer_reference,
        {{ json_text('source.rolled_over_from', 'commit_id') }} as rolled_over_from_credit_grant_id,
        {{ salesforce_id_18('source.salesforce_opportunity_id') }} as crm_opportunity_id,

        ---------- strings
        source.name as grant_name,
        source.type as grant_kind,
        -- "USD (cents)"; other currencies and units of one's own are whole.
        lower(split_part({{ json_text('source.access_schedule', 'credit_type.name') }}, ' ', 1))
            as currency,

        ---------- numbers
        source.priority as burn_priority,
        source.rollover_fraction as rollover_ratio,
        cast(source.balance as decimal(24, 6)) as reported_balance,

        ---------- booleans
        coalesce(
            {{ json_text('source.access_schedule', 'credit_type.name') }} like '%(cents)', false
        ) as is_in_minor_units,

        ---------- dates
        source._drop_date as reported_date,

        ---------- timestamps
        coalesce(terms.effective_at, {{ utc_timestamp('source.created_at') }}) as effective_at,
        terms.expires_at
    from source
    left join terms on source.id = terms.id
)

select * from renamed
