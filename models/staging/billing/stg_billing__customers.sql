-- Stripe customers, newest version known at the clock. Deletion leaves a stub with nothing but the id: what ties the
-- customer to its account stays as it was known before, names and addresses do not (a company's
-- mail domain is neither).
-- Grain: one row a billing_customer_id.
with source as (
    select * from {{ newest_version('billing', 'customers', key='id') }}
),

living_versions as (
    select
        id as living_id,
        metadata as living_metadata,
        {{ email_domain('email') }} as living_email_domain,
        currency as living_currency,
        created as living_created,
        row_number() over (
            partition by id
            order by _drop_date desc, _source_file desc, _dlt_load_id desc
        ) as version_rank
    from {{ landed('billing', 'customers') }}
    where not coalesce(deleted, false)
),

completed as (
    select
        source.id,
        source.name,
        source.email,
        source.balance,
        source.delinquent,
        source.deleted,
        coalesce(
            {{ email_domain('source.email') }}, living_versions.living_email_domain
        ) as email_domain,
        coalesce(source.currency, living_versions.living_currency) as currency,
        coalesce(source.created, living_versions.living_created) as created,
        coalesce(source.metadata, living_versions.living_metadata) as metadata
    from source
    left join living_versions
        on
            source.id = living_versions.living_id
            and living_versions.version_rank = 1
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
        email_domain,
        currency,

        ---------- numbers
        balance as balance_minor_units,

        ---------- booleans
        coalesce(delinquent, false) as is_delinquent,
        coalesce(deleted, false) as is_deleted,

        ---------- timestamps
        {{ epoch_to_timestamp('created') }} as created_at
    from completed
)

select * from renamed
