-- Detects raw rows whose day of use is later than the day on which their file was dropped: the incremental model of
-- usage reads a touched day from the drops of that day on and would miss them.
select
    message_id,
    event_date,
    drop_date,
    load_id
from {{ ref('stg_product__tracks') }}
where event_date > drop_date
