-- Detects renewal opportunities that no renewal tells of, or two do: those that the CRM calls open and won today are in the
-- amounts of renewals, each once. One without a stage history has no day on which anything was known, and is left out.
with opportunities as (
    select
        links.account_id,
        links.term_end_date,
        sum(case when opportunities.is_won or not opportunities.is_closed then opportunities.amount_usd else 0 end)
            as opportunity_usd
    from {{ ref('int_renewal_opportunities') }} as links
    inner join {{ ref('stg_crm__opportunities') }} as opportunities
        on links.crm_opportunity_id = opportunities.crm_opportunity_id
    where exists (
        select 1 as one
        from {{ ref('int_renewal_opportunity_states') }} as states
        where links.crm_opportunity_id = states.crm_opportunity_id
    )
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
