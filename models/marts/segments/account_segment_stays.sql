-- How long each account was in each state of its life-cycle, where it came from and where it went, and how soon after its
-- start it had first value. Grain: one row an account_id and entered_date.
with daily as (
    select * from {{ ref('account_segments_daily') }}
),

account_days as (
    select * from {{ ref('int_account_days') }}
),

stays as (
    select
        account_id,
        segment_since_date as entered_date,
        segment,
        count(*) as stay_days,
        count(*) filter (where is_provisional) as provisional_days,
        min_by(monthly_revenue_usd, as_of_date) as entered_monthly_revenue_usd,
        max_by(monthly_revenue_usd, as_of_date) as last_monthly_revenue_usd
    from daily
    group by account_id, segment_since_date, segment
),

ordered as (
    select
        *,
        row_number() over (partition by account_id order by entered_date) as stay_number,
        lag(segment) over (partition by account_id order by entered_date) as previous_segment,
        lead(segment) over (partition by account_id order by entered_date) as next_segment,
        lead(entered_date) over (partition by account_id order by entered_date) as left_date
    from stays
),

final as (
    select
        ---------- keys
        ordered.account_id,
        ordered.entered_date,

        ---------- strings
        ordered.segment,
        ordered.previous_segment,
        ordered.next_segment,

        ---------- numbers
        ordered.stay_number,
        ordered.stay_days,
        ordered.provisional_days,
        cast(account_days.account_age_days as bigint) as entered_age_days,
        ordered.entered_monthly_revenue_usd,
        ordered.last_monthly_revenue_usd,

        ---------- booleans
        ordered.left_date is null as is_current,

        ---------- dates
        ordered.left_date
    from ordered
    inner join account_days
        on
            ordered.account_id = account_days.account_id
            and ordered.entered_date = account_days.as_of_date
)

select * from final
