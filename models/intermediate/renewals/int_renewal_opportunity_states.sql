-- Where each renewal opportunity stood from when to when, as the CRM recorded it: the last change of a day counts.
-- Grain: one row a crm_opportunity_id and valid_from_date.
with opportunities as (
    select * from {{ ref('int_renewal_opportunities') }}
),

histories as (
    select
        *,
        cast(changed_at as date) as changed_date,
        row_number() over (
            partition by crm_opportunity_id, cast(changed_at as date)
            order by changed_at desc, crm_opportunity_history_id desc
        ) as change_number
    from {{ ref('stg_crm__opportunity_histories') }}
    where not is_deleted
),

-- What a stage means is what the CRM says of the opportunities that are in it.
stages as (
    select
        stage_name,
        case
            when max(case when is_won then 1 else 0 end) = 1 then 'won'
            when max(case when is_closed then 1 else 0 end) = 1 then 'lost'
            else 'open'
        end as outcome
    from {{ ref('stg_crm__opportunities') }}
    group by stage_name
),

final as (
    select
        opportunities.crm_opportunity_id,
        opportunities.account_id,
        opportunities.term_end_date,
        histories.stage_name,
        coalesce(stages.outcome, 'open') as outcome,
        cast(round(coalesce(histories.amount_usd, 0) * 100) as bigint) as amount_cents,
        histories.changed_date as valid_from_date,
        lead(histories.changed_date) over (
            partition by opportunities.crm_opportunity_id order by histories.changed_date
        ) as valid_to_date
    from opportunities
    inner join histories on opportunities.crm_opportunity_id = histories.crm_opportunity_id
    left join stages on histories.stage_name = stages.stage_name
    where histories.change_number = 1
)

select * from final
