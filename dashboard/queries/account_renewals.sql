-- Terms of the account that end or ended, the newest first.
select
    term_end_date,
    outcome,
    stage_name,
    available_usd,
    expected_usd,
    won_usd,
    lost_usd,
    renewal_start_date,
    notice_date,
    decided_date,
    is_late
from marts.renewals
where account_id = $account_id
order by term_end_date desc, renewal_id
limit 20
