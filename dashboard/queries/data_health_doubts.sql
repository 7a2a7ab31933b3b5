-- Days that scores may not rest on, the newest first.
select
    system,
    as_of_date,
    status,
    concat_ws('; ', reason, gate_reasons) as reason,
    held_days_count,
    count(*) over () as all_days_count
from marts.data_health
where not is_trusted
order by as_of_date desc, system
limit $row_limit
