-- Overrides that are about to expire, or did so lately: somebody should know before a score jumps, or why it did.
-- Only a warning, as no night may stop because a date has passed. A row stays after that, as it explains old scores.
{{ config(severity='warn') }}
{%- set text = dbt.type_string() %}
with overrides as (
    select
        account_id,
        owner,
        expires_on_date,
        {{ dbt.datediff(as_of_date(), 'expires_on_date', 'day') }} as days_left
    from {{ ref('health_overrides') }}
)

select
    concat(
        'The override of ', account_id, ' by ', owner,
        case when days_left > 0 then ' expires on ' else ' has expired on ' end,
        cast(expires_on_date as {{ text }}),
        ': add a row from that day on to seeds/health_overrides.csv if it is still right.'
    ) as problem
from overrides
where days_left between -{{ var('override_notice_days') }} and {{ var('override_notice_days') }}
