-- What an account was at the end of a month: plan and segment as they were known then, size by the revenue of the month,
-- cohort by the quarter in which it became a customer; the owner is that of the clock.
-- Grain: one row an account_id and month_start_date.
with account_months as (
    select * from {{ ref('int_account_months') }}
),

plan_days as (
    select * from {{ ref('int_account_plan_days') }}
),

segment_days as (
    select * from {{ ref('int_account_segment_days') }}
),

revenue_months as (
    select
        account_id,
        month_start_date,
        recurring_cents + metered_cents as total_cents
    from {{ ref('int_account_revenue_monthly') }}
),

size_tiers as (
    select * from {{ ref('revenue_size_tiers') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

final as (
    select
        account_months.account_id,
        account_months.month_start_date,
        coalesce(segment_days.segment, 'unknown') as segment,
        coalesce(plan_days.plan, 'unknown') as plan,
        size_tiers.size_tier,
        -- concat() passes over nulls in one engine and not in the other.
        case
            when accounts.started_date is null then 'unknown'
            else concat(
                cast(extract(year from accounts.started_date) as {{ dbt.type_string() }}),
                '-Q',
                cast(extract(quarter from accounts.started_date) as {{ dbt.type_string() }})
            )
        end as cohort_quarter,
        coalesce(accounts.owner_crm_user_id, 'nobody') as owner_crm_user_id
    from account_months
    inner join revenue_months
        on
            account_months.account_id = revenue_months.account_id
            and account_months.month_start_date = revenue_months.month_start_date
    left join plan_days
        on
            account_months.account_id = plan_days.account_id
            and account_months.month_end_date = plan_days.as_of_date
    left join segment_days
        on
            account_months.account_id = segment_days.account_id
            and account_months.month_end_date = segment_days.as_of_date
    left join size_tiers
        on
            (
                revenue_months.total_cents >= size_tiers.from_cents
                or size_tiers.from_cents is null
            )
            and (
                revenue_months.total_cents < size_tiers.to_cents
                or size_tiers.to_cents is null
            )
    left join accounts
        on account_months.account_id = accounts.account_id
)

select * from final
