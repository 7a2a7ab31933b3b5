-- How long each opportunity was open: from its creation until it reached the closed stage that it has now.
-- The day of closing comes from the stage history; the close date, which people type, stands in where that is missing.
-- Grain: one row a crm_opportunity_id.
with opportunities as (
    select * from {{ ref('stg_crm__opportunities') }}
    where not is_deleted
),

histories as (
    select * from {{ ref('stg_crm__opportunity_histories') }}
    where not is_deleted
),

identities as (
    select * from {{ ref('int_account_identities') }}
    where source_system = 'crm' and account_id is not null
),

closings as (
    select
        opportunities.crm_opportunity_id,
        min(cast(histories.changed_at as date)) as closed_date
    from opportunities
    inner join histories
        on
            opportunities.crm_opportunity_id = histories.crm_opportunity_id
            and opportunities.stage_name = histories.stage_name
    where opportunities.is_closed
    group by opportunities.crm_opportunity_id
),

final as (
    select
        opportunities.crm_opportunity_id,
        identities.account_id,
        opportunities.opportunity_type,
        opportunities.amount_usd,
        opportunities.is_closed,
        opportunities.is_won,
        cast(opportunities.created_at as date) as opened_date,
        case
            when opportunities.is_closed
                then greatest(
                    coalesce(
                        closings.closed_date,
                        least(opportunities.close_date, cast(opportunities.modified_at as date))
                    ),
                    cast(opportunities.created_at as date)
                )
        end as closed_date
    from opportunities
    inner join identities
        on opportunities.crm_account_id = identities.source_id
    left join closings
        on opportunities.crm_opportunity_id = closings.crm_opportunity_id
)

select * from final
