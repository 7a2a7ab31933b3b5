-- Opportunities, newest version known at the clock; deleted ones included.
-- Grain: one row a crm_opportunity_id.
with source as (
    select *
    from
        {{ newest_version(
            'crm', 'opportunities', key='substring(id, 1, 15)', changed_column='system_modstamp'
        ) }}
),

renamed as (
    select
        ---------- ids
        {{ salesforce_id_18('id') }} as crm_opportunity_id,
        {{ salesforce_id_18('account_id') }} as crm_account_id,
        {{ salesforce_id_18('owner_id') }} as owner_crm_user_id,

        ---------- strings
        name as opportunity_name,
        type as opportunity_type,
        stage_name,
        forecast_category_name as forecast_category,
        lead_source,

        ---------- numbers
        cast(amount as decimal(18, 2)) as amount_usd,
        cast(expected_revenue as decimal(18, 2)) as expected_revenue_usd,
        probability as probability_pct,

        ---------- booleans
        coalesce(is_won, false) as is_won,
        coalesce(is_closed, false) as is_closed,
        coalesce(is_deleted, false) as is_deleted,

        ---------- dates
        close_date,
        last_activity_date,

        ---------- timestamps
        {{ utc_timestamp('created_date') }} as created_at,
        {{ utc_timestamp('system_modstamp') }} as modified_at
    from source
)

select * from renamed
