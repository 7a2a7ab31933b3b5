-- Accounts that use nearly all of their seats, at the clock: how often such accounts of the plan had more seats at the end of the
-- horizon, and by how much accounts of the plan raise their seats when they do.
-- Grain: one row an account_id.
{%- set horizon = var('expansion_horizon_days') // 28 %}
{%- set prior = var('expansion_prior_accounts') %}

with accounts as (
    select * from {{ ref('int_expansion_accounts') }}
),

adoption_measures as (
    select * from {{ ref('int_account_adoption_measures') }}
),

commercial_measures as (
    select * from {{ ref('int_account_commercial_measures') }}
),

kinds as (
    select * from {{ ref('expansion_kinds') }}
    where opportunity_kind = 'seat_headroom'
),

seats as (
    select
        accounts.account_id,
        accounts.periods_ago,
        accounts.plan,
        adoption_measures.seats_count,
        adoption_measures.seat_utilization_ratio,
        adoption_measures.seat_utilization_ratio >= kinds.min_measure as is_full,
        lead(adoption_measures.seats_count, {{ horizon }}) over (
            partition by accounts.account_id order by accounts.as_of_date
        ) as later_seats_count,
        commercial_measures.mrr_usd
    from accounts
    cross join kinds
    inner join adoption_measures
        on
            accounts.account_id = adoption_measures.account_id
            and accounts.as_of_date = adoption_measures.as_of_date
    inner join commercial_measures
        on
            accounts.account_id = commercial_measures.account_id
            and accounts.as_of_date = commercial_measures.as_of_date
),

rates as (
    select
        plan,
        count(case when is_full and later_seats_count is not null then 1 end) as full_count,
        count(case when is_full and later_seats_count > seats_count then 1 end) as raised_count,
        {%- for quartile in [25, 50, 75] %}
        percentile_cont({{ quartile / 100 }}) within group (
            order by case
                when later_seats_count > seats_count
                    then cast(later_seats_count as double) / nullif(seats_count, 0) - 1
            end
        ) as p{{ quartile }}_raise_ratio
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from seats
    group by plan
),

all_rates as (
    select
        sum(full_count) as full_count,
        sum(raised_count) as raised_count
    from rates
),

final as (
    select
        seats.account_id,
        seats.plan,
        concat(
            cast(cast(round(100 * seats.seat_utilization_ratio) as bigint) as {{ dbt.type_string() }}),
            '% of ', cast(seats.seats_count as {{ dbt.type_string() }}), ' seats are used; of ',
            cast(rates.full_count as {{ dbt.type_string() }}), ' such cases on the plan, ',
            cast(rates.raised_count as {{ dbt.type_string() }}),
            ' had more seats {{ var("expansion_horizon_days") }} days later'
        ) as evidence,
        rates.full_count as look_alikes_count,
        rates.raised_count as look_alikes_adopted_count,
        (
            rates.raised_count
            + {{ prior }} * (all_rates.raised_count + 1.0) / (all_rates.full_count + 2)
        ) / cast(rates.full_count + {{ prior }} as double) as confidence_ratio,
        seats.seat_utilization_ratio as measure_value,
        {%- for quartile in [25, 50, 75] %}
        nullif(cast(seats.mrr_usd as double), 0) * rates.p{{ quartile }}_raise_ratio
            as p{{ quartile }}_monthly_usd
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from seats
    inner join rates
        on seats.plan = rates.plan
    cross join all_rates
    where seats.periods_ago = 0 and seats.is_full
)

select * from final
