-- Exchange rates to US dollars for every day up to the clock: a rate of the seed holds until the next one.
-- Grain: one row a currency and rate_date.
with fx_rates as (
    select * from {{ ref('fx_rates') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

clock as (
    select as_of_date from {{ ref('util_as_of') }}
),

known_rates as (
    select
        fx_rates.currency,
        fx_rates.usd_rate,
        fx_rates.rate_date as first_date,
        clock.as_of_date,
        lead(fx_rates.rate_date) over (
            partition by fx_rates.currency order by fx_rates.rate_date
        ) as next_rate_date
    from fx_rates
    cross join clock
    where fx_rates.rate_date <= clock.as_of_date
),

bounded as (
    select
        currency,
        usd_rate,
        first_date,
        coalesce(
            cast({{ dbt.dateadd('day', -1, 'next_rate_date') }} as date), as_of_date
        ) as last_date
    from known_rates
),

days as (
    select
        currency,
        usd_rate,
        {{ date_spine('first_date', 'last_date') }} as rate_date
    from bounded
),

final as (
    select
        days.currency,
        days.usd_rate,
        cast(
            days.usd_rate * cast(power(10, 2 - currencies.minor_unit_exponent) as decimal(9, 6))
            as decimal(18, 10)
        ) as usd_cents_per_minor_unit,
        days.rate_date
    from days
    inner join currencies on days.currency = currencies.currency
)

select * from final
