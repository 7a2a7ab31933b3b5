-- Dates on which something of an account comes up for renewal, with the days on which that was known: open renewal
-- opportunities of the CRM and the ends of subscription periods that are contract terms.
-- Grain: one row a renewal_source, renewal_source_id and visible_from_date.
with opportunities as (
    select * from {{ ref('stg_crm__opportunities') }}
    where opportunity_type = 'Renewal' and not is_deleted and close_date is not null
),

identities as (
    select * from {{ ref('int_account_identities') }}
    where source_system = 'crm'
),

item_periods as (
    select * from {{ ref('int_subscription_item_periods') }}
    where renewal_date is not null
),

unioned as (
    -- The close date is the planned one while it is open and the real one afterwards: visible until then in both cases.
    select
        identities.account_id,
        opportunities.crm_opportunity_id as renewal_source_id,
        'crm_opportunity' as renewal_source,
        opportunities.close_date as renewal_date,
        cast(opportunities.created_at as date) as visible_from_date,
        opportunities.close_date as visible_to_date
    from opportunities
    inner join identities on opportunities.crm_account_id = identities.source_id
    union all
    select
        account_id,
        billing_subscription_item_id as renewal_source_id,
        'subscription_item' as renewal_source,
        renewal_date,
        valid_from_date as visible_from_date,
        -- Half-open in the subscription, inclusive here.
        least(
            renewal_date, cast({{ dbt.dateadd('day', -1, 'valid_to_date') }} as date)
        ) as visible_to_date
    from item_periods
),

final as (
    select
        account_id,
        renewal_source_id,
        renewal_source,
        renewal_date,
        visible_from_date,
        visible_to_date
    from unioned
    where account_id is not null and visible_to_date >= visible_from_date
)

select * from final
