-- Every account that stands has exactly one current row with the health band it has now, and no other account has one: a
-- refresh that skipped the snapshot, or a snapshot of half an export, shows here.
with current_versions as (
    select
        account_id,
        count(*) as versions_count,
        max(health_band) as health_band
    from {{ ref('account_band_history') }}
    where is_current
    group by account_id
)

select
    coalesce(published.account_id, current_versions.account_id) as account_id,
    published.health_band,
    current_versions.health_band as history_health_band,
    current_versions.versions_count
from {{ ref('account_health') }} as published
full outer join current_versions
    on published.account_id = current_versions.account_id
where
    published.account_id is null
    or current_versions.account_id is null
    or current_versions.versions_count <> 1
    or coalesce(published.health_band, '') <> coalesce(current_versions.health_band, '')
