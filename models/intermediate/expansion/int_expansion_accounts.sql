-- What an account was at the clock and every 28 days before it, as far as it makes others look like it: plan, size and the
-- use cases that it had adopted are those of that day; the industry is that of the clock.
-- Grain: one row an account_id and as_of_date on which it had adopted any use case.
with states as (
    select * from {{ ref('int_account_use_case_states') }}
),

plan_days as (
    select * from {{ ref('int_account_plan_days') }}
),

account_measures as (
    select * from {{ ref('int_account_measures') }}
),

size_tiers as (
    select * from {{ ref('revenue_size_tiers') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

adopted_sets as (
    select
        account_id,
        as_of_date,
        periods_ago,
        concat(
            {%- for use_case_id in use_case_ids() %}
            max(
                case
                    when use_case_id = '{{ use_case_id }}' and is_adopted then '{{ use_case_id }} '
                    else ''
                end
            )
            {%- if not loop.last %},{% endif %}
            {%- endfor %}
        ) as adopted_set,
        count(*) filter (where is_adopted) as adopted_count
    from states
    group by account_id, as_of_date, periods_ago
),

final as (
    select
        adopted_sets.account_id,
        adopted_sets.as_of_date,
        adopted_sets.periods_ago,
        coalesce(plan_days.plan, 'unknown') as plan,
        coalesce(plan_days.account_age_class, 'unknown') as account_age_class,
        size_tiers.size_tier,
        coalesce(accounts.industry, 'unknown') as industry,
        trim(adopted_sets.adopted_set) as adopted_set,
        adopted_sets.adopted_count
    from adopted_sets
    inner join accounts
        on adopted_sets.account_id = accounts.account_id
    left join plan_days
        on
            adopted_sets.account_id = plan_days.account_id
            and adopted_sets.as_of_date = plan_days.as_of_date
    left join account_measures
        on
            adopted_sets.account_id = account_measures.account_id
            and adopted_sets.as_of_date = account_measures.as_of_date
    left join size_tiers
        on
            (
                coalesce(account_measures.monthly_revenue_usd, 0) * 100 >= size_tiers.from_cents
                or size_tiers.from_cents is null
            )
            and (
                coalesce(account_measures.monthly_revenue_usd, 0) * 100 < size_tiers.to_cents
                or size_tiers.to_cents is null
            )
    where adopted_sets.adopted_count > 0
)

select * from final
