-- Tells which calls of the last 7 drops count twice because a resend carries another corrected time across midnight:
-- resends are recognised within one day of use.
{{ config(severity='warn') }}

select
    message_id,
    min(event_date) as first_event_date,
    max(event_date) as last_event_date
from {{ ref('stg_product__tracks') }}
where drop_date > cast({{ dbt.dateadd('day', -7, as_of_date()) }} as date)
group by message_id
having count(distinct event_date) > 1
