-- What each night recorded of owner, health band and segment, the newest first.
select
    'Owner, stage, plan' as kind,
    concat_ws(', ', coalesce(owner_name, 'nobody'), customer_stage, plan) as what,
    valid_from_at,
    valid_to_at
from marts.account_owner_history
where account_id = $account_id
union all
select 'Health', health_band, valid_from_at, valid_to_at
from marts.account_band_history
where account_id = $account_id
union all
select 'Segment', concat_ws(': ', segment, segment_reason), valid_from_at, valid_to_at
from marts.account_segment_history
where account_id = $account_id
order by valid_from_at desc, kind
limit 50
