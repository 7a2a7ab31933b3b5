-- Every account that stands has exactly one current row with the segment it has now, and no other account has one: a
-- refresh that skipped the snapshot, or a snapshot of half an export, shows here.
with current_versions as (
    select
        account_id,
        count(*) as versions_count,
        max(segment) as segment
    from {{ ref('account_segment_history') }}
    where is_current
    group by account_id
)

select
    coalesce(published.account_id, current_versions.account_id) as account_id,
    published.segment,
    current_versions.segment as history_segment,
    current_versions.versions_count
from {{ ref('account_segments') }} as published
full outer join current_versions
    on published.account_id = current_versions.account_id
where
    published.account_id is null
    or current_versions.account_id is null
    or current_versions.versions_count <> 1
    or coalesce(published.segment, '') <> coalesce(current_versions.segment, '')
