-- Stripe customers, newest version known at the clock; the stub of a deleted customer keeps its id.
-- Grain: one row a billing_customer_id.
with source as (
    select * from {{ newest_version('billing', 'customers', key='id') }}
),

renamed as (
    select
        ---------- ids
        id as billing_customer_id,
        {{ salesforce_id_18(json_text('metadata', 'crm_account_id')) }} as crm_account_id,
        {{ json_text('metadata', 'org_id') }} as product_group_id,

        ---------- strings
        name as customer_name,
        email as customer_email,
        {{ email_domain('email') }} as email_domain,
        currency,

        ---------- numbers
        balance as balance_minor_units,

        ---------- booleans
        coalesce(delinquent, false) as is_delinquent,
        coalesce(deleted, false) as is_deleted,

        ---------- timestamps
        {{ epoch_to_timestamp('created') }} as created_at
    from source
)

select * from renamed
