-- Text macros that identity stands on, against known pairs: a wrong suffix or host would silently unmatch accounts.
with cases as (
    select
        '0015500000Xyy06' as id_15,
        '0015500000Xyy06AAB' as id_18,
        'Jo.Doe@Mail.Example.COM ' as email,
        'mail.example.com' as email_domain,
        'https://www.Example.com/en?x=1' as website,
        'example.com' as website_domain
    union all
    select
        '001q000000wW9Be',
        '001q000000wW9BeAAK',
        'no-at.example.com',
        null,
        'EXAMPLE.COM',
        'example.com'
    union all
    select
        '0031G00001S3ckZ',
        '0031G00001S3ckZQAR',
        'two@at@example.com',
        null,
        'http://a.example.co.uk:8080/',
        'a.example.co.uk'
    union all
    select '0051G000005Mun4QAC', '0051G000005Mun4QAC', '@example.com', null, '  ', null
    union all
    select null, null, null, null, null, null
),

computed as (
    select
        *,
        {{ salesforce_id_18('id_15') }} as computed_id_18,
        {{ email_domain('email') }} as computed_email_domain,
        {{ website_domain('website') }} as computed_website_domain
    from cases
)

select *
from computed
where
    computed_id_18 is distinct from id_18
    or computed_email_domain is distinct from email_domain
    or computed_website_domain is distinct from website_domain
