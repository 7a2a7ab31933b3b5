-- Detects renewal opportunities that no renewal tells of, or two do: those that the CRM calls open and won today are in the
-- amounts of renewals, each once. One without a stage history has no day on which anything was known, and is left out.
with told as (
    select distinct crm_opportunity_id from {{ ref('int_renewal_opportunity_states') }}
),

opportunities as (
    select
        links.account_id,
        links.term_end_date,
        coalesce(sum(opportunities.amount_usd) filter (
            where opportunities.is_won or not opportunities.is_closed
        ), 0) as opportunity_usd
    from {{ ref('int_renewal_opportunities') }} as links
    inner join told on links.crm_opportunity_id = told.crm_opportunity_id
    inner join {{ ref('stg_crm__opportunities') }} as opportunities
        on links.crm_opportunity_id = opportunities.crm_opportunity_id
    group by links.account_id, links.term_end_date
)

select
    opportunities.account_id,
    opportunities.term_end_date
from opportunities
left join {{ ref('renewals') }} as renewals
    on
        opportunities.account_id = renewals.account_id
        and opportunities.term_end_date = renewals.term_end_date
where
    renewals.renewal_id is null
    or coalesce(renewals.opportunity_usd, 0) <> opportunities.opportunity_usd
