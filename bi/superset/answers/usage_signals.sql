with signals as (
    select distinct signal_kind, direction, account_id
    from marts.usage_signals
    where is_open
)

select signal_kind, direction, count(*) as accounts
from signals
group by signal_kind, direction
