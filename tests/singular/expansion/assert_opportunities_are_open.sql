-- To recommend what an account already has makes the next recommendation worthless: no opportunity is about an adopted use
-- case, its quartiles are in order, its confidence is a probability, and every kind has a motion for all plans.
with opportunities as (
    select * from {{ ref('expansion_opportunities') }}
),

adoption as (
    select * from {{ ref('use_case_adoption') }}
),

team_adoption as (
    select * from {{ ref('team_use_case_adoption') }}
),

kinds as (
    select * from {{ ref('expansion_kinds') }}
),

motions as (
    select * from {{ ref('expansion_motions') }}
    where plan is null
)

select
    opportunities.account_id,
    opportunities.opportunity_kind,
    opportunities.subject_id
from opportunities
left join adoption
    on
        opportunities.opportunity_kind = 'new_use_case'
        and opportunities.account_id = adoption.account_id
        and opportunities.use_case_id = adoption.use_case_id
left join team_adoption
    on
        opportunities.opportunity_kind = 'second_team'
        and opportunities.account_id = team_adoption.account_id
        and opportunities.workspace_id = team_adoption.workspace_id
        and opportunities.use_case_id = team_adoption.use_case_id
where
    coalesce(adoption.adoption_state, team_adoption.adoption_state, 'trying')
    not in ('not_started', 'trying', 'abandoned')
    or opportunities.confidence_ratio not between 0 and 1
    or opportunities.p25_monthly_usd > opportunities.p50_monthly_usd
    or opportunities.p50_monthly_usd > opportunities.p75_monthly_usd
union all
select
    null as account_id,
    kinds.opportunity_kind,
    'seeds/expansion_motions.csv has no row for all plans' as subject_id
from kinds
left join motions
    on kinds.opportunity_kind = motions.opportunity_kind
where motions.opportunity_kind is null
