-- Plan of an account and how old it was on each day, as it was known then: a later change never moves an earlier day.
-- Where an account has several organizations the oldest one's plan counts.
-- Grain: one row an account_id and as_of_date, dense; the plan is null before it is known.
with account_days as (
    select * from {{ ref('int_account_days') }}
),

accounts as (
    select * from {{ ref('int_accounts') }}
),

group_versions as (
    select * from {{ ref('stg_product__group_versions') }}
    where group_type = 'organization' and plan is not null
),

age_classes as (
    select * from {{ ref('account_age_classes') }}
),

plan_periods as (
    select
        accounts.account_id,
        group_versions.plan,
        group_versions.known_date as valid_from_date,
        lead(group_versions.known_date) over (
            partition by accounts.account_id
            order by group_versions.known_date asc nulls last
        ) as valid_to_date
    from accounts
    inner join group_versions
        on accounts.product_group_id = group_versions.product_group_id
),

final as (
    select
        account_days.account_id,
        account_days.as_of_date,
        plan_periods.plan,
        age_classes.account_age_class
    from account_days
    left join plan_periods
        on
            account_days.account_id = plan_periods.account_id
            and account_days.as_of_date >= plan_periods.valid_from_date
            and (
                account_days.as_of_date < plan_periods.valid_to_date
                or plan_periods.valid_to_date is null
            )
    left join age_classes
        on
            account_days.account_age_days >= age_classes.from_age_days
            and (
                account_days.account_age_days < age_classes.to_age_days
                or age_classes.to_age_days is null
            )
)

select * from final
