-- Warns when the newest exchange rate of a currency in use is more than a month older than the clock: the last rate
-- would go on holding silently.
{{ config(severity='warn') }}

with used_currencies as (
    select distinct currency from {{ ref('stg_billing__invoices') }}
),

clock as (
    select as_of_date from {{ ref('util_as_of') }}
)

select
    used_currencies.currency,
    max(fx_rates.rate_date) as newest_rate_date
from used_currencies
cross join clock
left join {{ ref('fx_rates') }} as fx_rates on used_currencies.currency = fx_rates.currency
-- The base currency has one rate for ever.
where used_currencies.currency <> 'usd'
group by used_currencies.currency, clock.as_of_date
having
    max(fx_rates.rate_date) is null
    or max(fx_rates.rate_date) < {{ dbt.dateadd('day', -31, 'clock.as_of_date') }}
