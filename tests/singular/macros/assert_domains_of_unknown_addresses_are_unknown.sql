-- A system that knows no e-mail address at all must give no domain, and no error: engines that know a column to be all
-- null fold expressions over it, and not every function survives that.
with addresses as (
    select cast(null as {{ dbt.type_string() }}) as address
),

domains as (
    select
        {{ email_domain('address') }} as email_domain,
        {{ website_domain('address') }} as website_domain,
        {{ salesforce_id_18('address') }} as id_18
    from addresses
)

select * from domains
where
    email_domain is not null
    or website_domain is not null
    or id_18 is not null
