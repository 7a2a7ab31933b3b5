-- Renewal opportunities of the CRM with the term that they are about: the one that ends nearest to the close date that was
-- planned first, which nobody changes afterwards. One without such a term is a renewal of its own.
-- Grain: one row a crm_opportunity_id.
with opportunities as (
    select * from {{ ref('stg_crm__opportunities') }}
    where opportunity_type = 'Renewal' and not is_deleted
),

identities as (
    select * from {{ ref('int_account_identities') }}
    where source_system = 'crm' and account_id is not null
),

terms as (
    select * from {{ ref('int_renewal_terms') }}
),

firsts as (
    select
        crm_opportunity_id,
        min_by(close_date, changed_at) as planned_date,
        min_by(amount_usd, changed_at) as first_amount_usd
    from {{ ref('stg_crm__opportunity_histories') }}
    where not is_deleted
    group by crm_opportunity_id
),

planned as (
    select
        opportunities.crm_opportunity_id,
        identities.account_id,
        coalesce(firsts.first_amount_usd, opportunities.amount_usd, 0) as first_amount_usd,
        cast(opportunities.created_at as date) as opened_date,
        coalesce(firsts.planned_date, opportunities.close_date) as planned_date
    from opportunities
    inner join identities on opportunities.crm_account_id = identities.source_id
    left join firsts on opportunities.crm_opportunity_id = firsts.crm_opportunity_id
),

matched as (
    select
        planned.*,
        terms.term_end_date,
        row_number() over (
            partition by planned.crm_opportunity_id
            order by
                abs(
                    {{ dbt.datediff('planned.planned_date', 'terms.term_end_date', 'day') }}
                ) asc nulls last,
                terms.term_end_date asc nulls last
        ) as match_number
    from planned
    left join terms
        on
            planned.account_id = terms.account_id
            and abs({{ dbt.datediff('planned.planned_date', 'terms.term_end_date', 'day') }})
            <= {{ var('renewal_opportunity_days') }}
    where planned.planned_date is not null
),

final as (
    select
        crm_opportunity_id,
        account_id,
        cast(round(first_amount_usd * 100) as bigint) as first_cents,
        term_end_date is not null as has_term,
        opened_date,
        coalesce(term_end_date, planned_date) as term_end_date
    from matched
    where match_number = 1
)

select * from final
