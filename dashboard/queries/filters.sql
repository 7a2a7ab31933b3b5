-- What can be filtered by.
select 'owner' as filter, coalesce(owner_name, 'nobody') as choice from marts.account_health
union
select 'plan', coalesce(plan, 'none') from marts.account_health
union
select 'segment', segment from marts.account_health
order by filter, choice
