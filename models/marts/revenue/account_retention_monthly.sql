-- What each account adds to the numerator and the denominator of retention under each definition, with what the account
-- was when its comparison began: sum it by any attribute, and take every ratio apart account by account.
-- Grain: one row an account_id, month_start_date and definition.
with contributions as (
    select * from {{ ref('int_account_retention_contributions') }}
),

attributes as (
    select * from {{ ref('int_account_month_attributes') }}
),

-- Cohort and owner do not depend on the month; an account that joined later has them too.
newest_attributes as (
    select
        account_id,
        max(cohort_quarter) as cohort_quarter,
        max(owner_crm_user_id) as owner_crm_user_id
    from attributes
    group by account_id
),

final as (
    select
        contributions.account_id,
        contributions.month_start_date,
        contributions.definition,
        coalesce(attributes.segment, 'unknown') as segment,
        coalesce(attributes.plan, 'unknown') as plan,
        newest_attributes.cohort_quarter,
        newest_attributes.owner_crm_user_id,
        coalesce(attributes.size_tier, 'none') as size_tier,
        contributions.amount_unit,
        contributions.start_amount,
        contributions.end_amount,
        contributions.is_retained,
        contributions.is_reactivated,
        contributions.cohort_month_date
    from contributions
    inner join newest_attributes
        on contributions.account_id = newest_attributes.account_id
    left join attributes
        on
            contributions.account_id = attributes.account_id
            and contributions.cohort_month_date = attributes.month_start_date
)

select * from final
