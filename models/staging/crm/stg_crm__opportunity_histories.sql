-- Changes of stage, amount, probability or close date of opportunities, as Salesforce recorded them.
-- Grain: one row a crm_opportunity_history_id.
with source as (
    select *
    from
        {{ newest_version(
            'crm', 'opportunity_histories', key='substring(id, 1, 15)', changed_column='system_modstamp'
        ) }}
),

renamed as (
    select
        ---------- ids
        {{ salesforce_id_18('id') }} as crm_opportunity_history_id,
        {{ salesforce_id_18('opportunity_id') }} as crm_opportunity_id,
        {{ salesforce_id_18('created_by_id') }} as changed_by_crm_user_id,

        ---------- strings
        stage_name,
        forecast_category,

        ---------- numbers
        cast(amount as decimal(18, 2)) as amount_usd,
        cast(prev_amount as decimal(18, 2)) as previous_amount_usd,
        probability as probability_pct,

        ---------- booleans
        coalesce(is_deleted, false) as is_deleted,

        ---------- dates
        close_date,
        prev_close_date as previous_close_date,

        ---------- timestamps
        {{ utc_timestamp('created_date') }} as changed_at
    from source
)

select * from renamed
