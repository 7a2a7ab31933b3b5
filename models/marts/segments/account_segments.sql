-- Segment (state of the life-cycle) of each account now, since when, where it came from, and how soon it had first value.
-- Grain: one row an account_id, as of the clock.
with clock as (
    select * from {{ ref('util_as_of') }}
),

daily as (
    select * from {{ ref('account_segments_daily') }}
),

stays as (
    select * from {{ ref('account_segment_stays') }}
    where is_current
),

account_measures as (
    select * from {{ ref('int_account_measures') }}
),

segments as (
    select * from {{ ref('segments') }}
),

accounts as (
    select * from {{ ref('accounts') }}
),

final as (
    select
        daily.account_id,
        accounts.account_name,
        daily.segment,
        segments.description as segment_reason,
        stays.previous_segment,
        daily.size_tier,
        stays.stay_days as segment_days,
        cast(account_measures.time_to_value_days as bigint) as time_to_value_days,
        daily.monthly_revenue_usd,
        daily.segment_since_date,
        daily.is_provisional,
        daily.provisional_reason,
        daily.measured_on_date,
        daily.as_of_date
    from daily
    inner join clock
        on daily.as_of_date = clock.as_of_date
    inner join stays
        on daily.account_id = stays.account_id
    inner join account_measures
        on
            daily.account_id = account_measures.account_id
            and daily.as_of_date = account_measures.as_of_date
    inner join segments
        on daily.segment = segments.segment
    inner join accounts
        on daily.account_id = accounts.account_id
)

select * from final
