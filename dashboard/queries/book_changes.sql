-- Accounts in another band or segment than so many days before, the most revenue first, with what moved the score most
-- and what their segment means. The briefing asks it too.
with moved as (
    select
        now.account_id,
        now.account_name,
        coalesce(now.owner_name, 'nobody') as owner_name,
        earlier.health_band as previous_health_band,
        now.health_band,
        earlier_segment.segment as previous_segment,
        now.segment,
        earlier.health_score as previous_health_score,
        now.health_score,
        now.monthly_revenue_usd
    from marts.account_health as now
    left join marts.account_health_daily as earlier
        on now.account_id = earlier.account_id and now.as_of_date - cast($window_days as integer) = earlier.as_of_date
    left join marts.account_segments_daily as earlier_segment
        on
            now.account_id = earlier_segment.account_id
            and now.as_of_date - cast($window_days as integer) = earlier_segment.as_of_date
    where
        (
            now.health_band is distinct from earlier.health_band
            or now.segment is distinct from earlier_segment.segment
        )
        and ($owners = [] or list_contains($owners, coalesce(now.owner_name, 'nobody')))
        and ($plans = [] or list_contains($plans, coalesce(now.plan, 'none')))
        and ($segments = [] or list_contains($segments, now.segment))
)

select
    moved.*,
    changes.reason,
    segments.segment_reason,
    count(*) over () as all_rows_count
from moved
left join marts.account_segments as segments on moved.account_id = segments.account_id
left join marts.account_health_changes as changes
    on
        moved.account_id = changes.account_id
        and changes.window_days = $window_days
        and case when moved.health_score < moved.previous_health_score then changes.down_rank else changes.up_rank end = 1
order by moved.monthly_revenue_usd desc nulls last, moved.account_id
limit $row_limit
