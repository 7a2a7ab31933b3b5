-- Where an account is likely to grow next, at the clock: what, why in words and numbers, how likely, worth how much a month,
-- and whether somebody must talk to the customer or the product does it alone.
-- Grain: one row an account_id, opportunity_kind and subject_id.
with opportunities as (
    {%- for relation, kind, subject, use_case, workspace in [
        ('int_expansion_use_cases', "'new_use_case'", 'use_case_id', 'use_case_id', 'null'),
        ('int_expansion_teams', "'second_team'", "concat(use_case_id, ' ', workspace_id)", 'use_case_id', 'workspace_id'),
        ('int_expansion_seats', "'seat_headroom'", "'seats'", 'null', 'null'),
        ('expansion_commits', 'opportunity_kind', 'credit_grant_id', 'null', 'null'),
    ] %}
    select
        account_id,
        {{ kind }} as opportunity_kind,
        {{ subject }} as subject_id,
        cast({{ use_case }} as {{ dbt.type_string() }}) as use_case_id,
        cast({{ workspace }} as {{ dbt.type_string() }}) as workspace_id,
        evidence,
        cast(measure_value as double) as measure_value,
        cast({{ 'null' if relation == 'expansion_commits' else 'look_alikes_count' }} as bigint)
            as look_alikes_count,
        cast({{ 'null' if relation == 'expansion_commits' else 'look_alikes_adopted_count' }} as bigint)
            as look_alikes_adopted_count,
        cast(confidence_ratio as double) as confidence_ratio,
        cast(p25_monthly_usd as decimal(18, 2)) as p25_monthly_usd,
        cast(p50_monthly_usd as decimal(18, 2)) as p50_monthly_usd,
        cast(p75_monthly_usd as decimal(18, 2)) as p75_monthly_usd
    from {{ ref(relation) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

kinds as (
    select * from {{ ref('expansion_kinds') }}
),

motions as (
    select * from {{ ref('expansion_motions') }}
),

segments as (
    select * from {{ ref('account_segments') }}
),

accounts as (
    select * from {{ ref('accounts') }}
),

final as (
    select
        ---------- keys
        opportunities.account_id,
        opportunities.opportunity_kind,
        opportunities.subject_id,

        ---------- ids
        opportunities.use_case_id,
        opportunities.workspace_id,

        ---------- strings
        accounts.account_name,
        accounts.owner_name,
        segments.segment,
        opportunities.evidence,
        -- What nobody can size needs somebody who asks.
        case
            when
                opportunities.p50_monthly_usd
                < coalesce(own_motions.sales_from_monthly_usd, any_motions.sales_from_monthly_usd)
                then 'product_led'
            else 'sales'
        end as motion,

        ---------- numbers
        opportunities.measure_value,
        opportunities.look_alikes_count,
        opportunities.look_alikes_adopted_count,
        opportunities.confidence_ratio,
        opportunities.p25_monthly_usd,
        opportunities.p50_monthly_usd,
        opportunities.p75_monthly_usd,
        cast(opportunities.confidence_ratio * opportunities.p50_monthly_usd as decimal(18, 2))
            as expected_monthly_usd,

        ---------- booleans
        segments.is_provisional,
        -- After the joins: what is too unlikely is not in the running. What has no size comes last.
        row_number() over (
            partition by opportunities.account_id
            order by
                opportunities.confidence_ratio * opportunities.p50_monthly_usd desc nulls last,
                opportunities.opportunity_kind asc nulls last,
                opportunities.subject_id asc nulls last
        ) = 1 as is_largest_of_account,

        ---------- dates
        segments.as_of_date
    from opportunities
    inner join kinds
        on
            opportunities.opportunity_kind = kinds.opportunity_kind
            and coalesce(opportunities.confidence_ratio, 0) >= kinds.min_confidence_ratio
    -- Who has left is won back, not expanded.
    inner join segments
        on opportunities.account_id = segments.account_id and segments.segment <> 'churned'
    inner join accounts
        on opportunities.account_id = accounts.account_id
    left join motions as own_motions
        on
            opportunities.opportunity_kind = own_motions.opportunity_kind
            and accounts.plan = own_motions.plan
    left join motions as any_motions
        on
            opportunities.opportunity_kind = any_motions.opportunity_kind
            and any_motions.plan is null
)

select * from final
