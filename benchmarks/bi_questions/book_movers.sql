-- The accounts whose score fell most within a week, with what pulled it down.
select
    now.account_id,
    now.account_name,
    now.owner_name,
    earlier.health_score as previous_health_score,
    now.health_score,
    now.monthly_revenue_usd,
    changes.reason
from marts.account_health as now
inner join marts.account_health_daily as earlier
    on now.account_id = earlier.account_id and now.as_of_date - 7 = earlier.as_of_date
left join marts.account_health_changes as changes
    on now.account_id = changes.account_id and changes.window_days = 7 and changes.down_rank = 1
where now.health_score < earlier.health_score
order by now.health_score - earlier.health_score, now.account_id
limit 50
